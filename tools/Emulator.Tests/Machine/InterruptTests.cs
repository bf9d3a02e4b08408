using static Carveout.Emulator.Tests.Machine.TestBoard;

namespace Carveout.Emulator.Tests.Machine;

/// <summary>Handlers run between operations, never during one, and must not block.</summary>
[TestClass]
public sealed class InterruptTests
{
    private readonly EmulatedMachine _machine = NewMachine();
    private readonly List<string> _log = [];

    [TestMethod]
    public void A_handler_runs_after_what_is_due_and_not_inside_the_device()
    {
        InterruptLine line = _machine.Interrupts.Line("device", () => _log.Add($"handler {_machine.Events.Now}"));
        _machine.Events.After(5, () =>
        {
            line.Raise();
            _log.Add("device goes on");
        });
        _machine.RunTo(10);
        Assert.AreEqual("device goes on, handler 5", string.Join(", ", _log));
        Assert.AreEqual(10, _machine.Events.Now);
    }

    [TestMethod]
    public void Lines_go_in_the_order_in_which_they_were_made_and_what_was_raised_twice_runs_once()
    {
        InterruptLine first = _machine.Interrupts.Line("first", () => _log.Add("first"));
        InterruptLine second = _machine.Interrupts.Line("second", () =>
        {
            _log.Add("second");
            first.Raise();
        });
        second.Raise();
        first.Raise();
        first.Raise();
        _machine.RunTo(0);
        Assert.AreEqual("first, second, first", string.Join(", ", _log));
        Assert.AreEqual(3, first.Raised);
        Assert.AreEqual(2, first.Taken);
    }

    [TestMethod]
    public void Operations_of_the_CPU_take_time_in_which_devices_go_on_and_handlers_run_between_them()
    {
        _machine.Cpu.NanosecondsPerOperation = 400;
        _machine.Cpu.NanosecondsPerKilobyte = 1024;
        InterruptLine line = _machine.Interrupts.Line("device", () => _log.Add($"handler {_machine.Events.Now}"));
        _machine.Events.After(2, line.Raise);
        for (int i = 0; i < 4; i++)
        {
            _machine.CpuMemory.Fill(Sdram, 600, 1);
            _log.Add($"filled {_machine.Events.Now}");
        }
        Assert.AreEqual("filled 1, handler 2, filled 2, filled 3, filled 4", string.Join(", ", _log));
        Assert.AreEqual(4, _machine.Cpu.Operations);
        for (int i = 0; i < 10; i++)
        {
            _machine.Cpu.Step();
        }
        Assert.AreEqual(8, _machine.Events.Now);
    }

    [TestMethod]
    public void Masked_interrupts_wait_and_run_when_they_are_let_in()
    {
        InterruptLine line = _machine.Interrupts.Line("device", () => _log.Add($"handler {_machine.Events.Now}"));
        var mask = new InterruptMask(_machine.Interrupts);
        mask.Acquire();
        _machine.Events.After(5, line.Raise);
        _machine.RunTo(20);
        _machine.Cpu.Step();
        Assert.IsEmpty(_log);
        Assert.ThrowsExactly<InterruptContextException>(mask.Acquire);
        InterruptContextException e = Assert.ThrowsExactly<InterruptContextException>(() => _machine.Cpu.Sleep(1));
        Assert.Contains("masked interrupts sleeps", e.Message);
        mask.Release();
        Assert.AreEqual("handler 20", string.Join(", ", _log));
        Assert.ThrowsExactly<InterruptContextException>(mask.Release);
    }

    [TestMethod]
    public void Handlers_do_not_interrupt_each_other()
    {
        InterruptLine? second = null;
        InterruptLine first = _machine.Interrupts.Line("first", () =>
        {
            _log.Add("first begins");
            second!.Raise();
            _machine.CpuMemory.Fill(Sdram, 4, 1);
            _log.Add("first ends");
        });
        second = _machine.Interrupts.Line("second", () => _log.Add("second"));
        first.Raise();
        _machine.RunTo(0);
        Assert.AreEqual("first begins, first ends, second", string.Join(", ", _log));
    }

    [TestMethod]
    public void A_handler_that_waits_is_refused_by_name()
    {
        Action wait = () => _machine.Cpu.Wait(() => true, 10);
        foreach ((Action tried, string what) in ((Action, string)[])[(wait, "waits"), (() => _machine.Cpu.Sleep(1), "sleeps")])
        {
            var machine = _machine;
            InterruptLine line = machine.Interrupts.Line("camera-" + what, tried);
            line.Raise();
            InterruptContextException e = Assert.ThrowsExactly<InterruptContextException>(() => machine.RunTo(machine.Events.Now));
            Assert.Contains($"interrupt 'camera-{what}' {what}", e.Message);
            Assert.IsNull(machine.Interrupts.Current, "the machine is not left in a handler");
        }
    }

    [TestMethod]
    public void A_handler_may_ask_the_allocator_for_Atomic_memory_only()
    {
        PageAllocator allocator = _machine.Boot();
        uint taken = 0;
        var gfp = GfpFlags.Dma | GfpFlags.Atomic;
        InterruptLine line = _machine.Interrupts.Line("camera", () => taken = allocator.AllocPages(gfp, 0, 0));
        line.Raise();
        _machine.RunTo(0);
        Assert.AreNotEqual(0u, taken);
        int free = allocator.ZoneAt(0).FreePages;

        gfp = GfpFlags.Dma;
        line.Raise();
        InterruptContextException e = Assert.ThrowsExactly<InterruptContextException>(() => _machine.RunTo(1));
        Assert.Contains("'camera' asks the allocator without GfpFlags.Atomic", e.Message);
        Assert.AreEqual(free, allocator.ZoneAt(0).FreePages);
        Assert.IsFalse(_machine.Interrupts.IsMasked);

        Assert.AreNotEqual(0u, allocator.AllocPages(GfpFlags.Dma, 0, 0), "outside a handler it may");
        allocator.FreePages(taken);
    }

    [TestMethod]
    public void A_lost_interrupt_is_the_one_that_was_ordered()
    {
        InterruptLine line = _machine.Interrupts.Line("device", () => _log.Add($"{_machine.Events.Now}"));
        line.Lose(2);
        for (int i = 1; i <= 4; i++)
        {
            _machine.Events.After(i, line.Raise);
        }
        _machine.RunTo(10);
        Assert.AreEqual("1, 3, 4", string.Join(", ", _log));
        Assert.AreEqual(1, line.Lost);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => line.Lose(0));
    }

    [TestMethod]
    public void A_wait_ends_when_it_came_about_or_its_time_is_over()
    {
        bool done = false;
        _machine.Events.After(30, () => done = true);
        Assert.IsFalse(_machine.Cpu.Wait(() => done, 20));
        Assert.AreEqual(20, _machine.Events.Now);
        Assert.IsTrue(_machine.Cpu.Wait(() => done, 20));
        Assert.AreEqual(30, _machine.Events.Now);
        _machine.Cpu.Sleep(5);
        Assert.AreEqual(35, _machine.Events.Now);
    }
}
