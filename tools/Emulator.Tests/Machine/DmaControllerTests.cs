using Carveout.Board.Devices;
using static Carveout.Emulator.Tests.Machine.TestBoard;

namespace Carveout.Emulator.Tests.Machine;

/// <summary>Transfers to the microsecond: the bus takes 640 ns for 64 bytes, a copy has each byte on it twice, a grant is 256 bytes.</summary>
[TestClass]
public sealed class DmaControllerTests
{
    private readonly EmulatedMachine _machine = NewMachine();
    private readonly EmulatedDmaController _dma;
    private readonly EndLog _log;

    public DmaControllerTests()
    {
        _dma = Controller(_machine);
        _log = new EndLog(_machine);
    }

    [TestMethod]
    public void A_copy_takes_its_bursts_and_arrives_whole()
    {
        Write(_machine.Memory, Sdram, Bytes(1000));
        _dma.Copy(0, Sdram, Pool, 1000, _log);
        Assert.IsTrue(_dma.IsBusy(0));
        Assert.IsFalse(_dma.IsBusy(1));
        _machine.RunTo(1000);
        // Three grants of 8 bursts and one of 232 bytes, 464 on the bus: 8 bursts. 32 * 0.64 = 20.48.
        Assert.AreEqual("21 channel 0 Done 1000", _log.ToString());
        Assert.AreEqual(20_480, _machine.Bus.BusyNanoseconds);
        Assert.IsFalse(_dma.IsBusy(0));
        CollectionAssert.AreEqual(Bytes(1000), Read(_machine.Memory, Pool, 1000));
        Assert.AreEqual(1000, _dma.Port.BytesRead);
        Assert.AreEqual(1000, _dma.Port.BytesWritten);
        Assert.AreEqual(1, _dma.Transfers);
    }

    [TestMethod]
    public void Bytes_arrive_grant_by_grant()
    {
        _machine.Memory.Fill(Sdram, 512, 1);
        _dma.Copy(0, Sdram, Pool, 512, _log);
        _machine.RunTo(5);
        Assert.AreEqual(0, Read(_machine.Memory, Pool, 512).Count(b => b == 1));
        _machine.RunTo(6);
        Assert.AreEqual(256, Read(_machine.Memory, Pool, 512).Count(b => b == 1));
        _machine.RunTo(11);
        Assert.AreEqual("11 channel 0 Done 512", _log.ToString());
    }

    [TestMethod]
    public void Channels_share_the_bus_in_turns()
    {
        _dma.Copy(0, Sdram, Pool, 512, _log);
        _dma.Copy(1, Sdram + 4096, Pool + 4096, 512, _log);
        _machine.RunTo(1000);
        // Grants of 5.12 each, in turns: the last but one ends at 15.36, the last at 20.48.
        Assert.AreEqual("16 channel 0 Done 512; 21 channel 1 Done 512", _log.ToString());
    }

    [TestMethod]
    public void Chains_need_not_be_cut_alike()
    {
        Write(_machine.Memory, Sdram, Bytes(300));
        _dma.StartCopy(0, [Sdram, Sdram + 100], [100, 200], 2, [Pool, Pool + 1000, Pool + 500], [40, 8, 252], 3, _log);
        _machine.RunTo(1000);
        Assert.EndsWith("Done 300", _log.ToString());
        byte[] seen = [.. Read(_machine.Memory, Pool, 40), .. Read(_machine.Memory, Pool + 1000, 8), .. Read(_machine.Memory, Pool + 500, 252)];
        CollectionAssert.AreEqual(Bytes(300), seen);
    }

    [TestMethod]
    public void It_works_behind_the_cache()
    {
        Write(_machine.CpuMemory, Sram, Bytes(64));
        _dma.Copy(0, Sram, Pool, 64, _log);
        _machine.RunTo(100);
        Assert.AreEqual(0, Read(_machine.Memory, Pool, 64).Count(b => b != 0));
        Assert.AreEqual(2, _machine.Caches[0].StaleLinesReadByDevices);
    }

    [TestMethod]
    public void A_completion_may_start_the_next_transfer()
    {
        int left = 2;
        _log.Then = () =>
        {
            if (--left > 0)
            {
                _dma.Copy(0, Sdram, Pool, 64, _log);
            }
        };
        _dma.Copy(0, Sdram, Pool, 64, _log);
        _machine.RunTo(100);
        Assert.AreEqual("2 channel 0 Done 64; 4 channel 0 Done 64", _log.ToString());
    }

    [TestMethod]
    public void An_abort_ends_it_at_once()
    {
        _machine.Memory.Fill(Sdram, 1024, 1);
        _dma.Copy(0, Sdram, Pool, 1024, _log);
        _machine.RunTo(7);
        _dma.Abort(0);
        _machine.RunTo(100);
        Assert.AreEqual("7 channel 0 Aborted 256", _log.ToString());
        Assert.AreEqual(256, Read(_machine.Memory, Pool, 1024).Count(b => b == 1));

        _dma.Abort(0);
        _machine.RunTo(200);
        Assert.HasCount(1, _log.Lines);
        _dma.Copy(0, Sdram, Pool, 1024, _log);
        _machine.RunTo(300);
        Assert.EndsWith("221 channel 0 Done 1024", _log.ToString());
    }

    [TestMethod]
    public void What_was_aborted_does_not_disturb_what_is_started_next()
    {
        _machine.Memory.Fill(Sdram, 1024, 1);
        _dma.Copy(0, Sdram, Pool, 1024, _log);
        _machine.RunTo(7);
        _dma.Abort(0);
        _dma.Poll();
        _dma.Copy(0, Sdram, Pool + 4096, 64, _log);
        _machine.RunTo(100);
        // The grant that was taken back keeps the bus to 10.24; 1.28 from there.
        Assert.AreEqual("7 channel 0 Aborted 256; 12 channel 0 Done 64", _log.ToString());
        Assert.AreEqual(64, Read(_machine.Memory, Pool + 4096, 1024).Count(b => b == 1));
    }

    [TestMethod]
    public void Memory_that_the_engine_does_not_reach_is_a_bus_error()
    {
        _dma.StartCopy(0, [Sdram], [128], 1, [Pool, Ccm], [64, 64], 2, _log);
        _machine.RunTo(100);
        Assert.AreEqual("3 channel 0 BusError 64", _log.ToString());
        Assert.AreEqual(0, Read(_machine.Memory, Ccm, 64).Count(b => b != 0));
    }

    [TestMethod]
    public void An_ordered_failure_strikes_the_transfer_that_was_ordered()
    {
        _dma.FailTransfer(2);
        for (int i = 0; i < 3; i++)
        {
            _dma.Copy(0, Sdram, Pool, 512, _log);
            _machine.RunTo(_machine.Events.Now + 100);
        }
        Assert.AreEqual("11 channel 0 Done 512; 111 channel 0 BusError 256; 211 channel 0 Done 512", _log.ToString());
    }

    [TestMethod]
    public void A_lost_interrupt_leaves_the_channel_busy_until_it_is_polled()
    {
        _dma.Interrupt.Lose(1);
        _dma.Copy(0, Sdram, Pool, 64, _log);
        _machine.RunTo(100);
        Assert.IsTrue(_dma.IsBusy(0));
        Assert.IsEmpty(_log.Lines);
        _dma.Poll();
        Assert.AreEqual("100 channel 0 Done 64", _log.ToString());
        Assert.IsFalse(_dma.IsBusy(0));
        _dma.Poll();
        Assert.HasCount(1, _log.Lines);
    }

    [TestMethod]
    public void A_peripheral_is_served_at_its_own_pace_in_both_directions()
    {
        var wire = new Wire();
        _dma.Connect(3, wire);
        Write(_machine.Memory, Sdram, Bytes(512));
        _dma.StartToDevice(0, 3, [Sdram], [512], 1, _log);
        _machine.RunTo(1000);
        // A grant is 2.56 on the bus, due at 3, then 256 on the wire.
        Assert.AreEqual("518 channel 0 Done 512", _log.ToString());
        CollectionAssert.AreEqual(Bytes(512), wire.Bytes);

        _dma.StartFromDevice(1, 3, [Pool], [256], 1, _log);
        _machine.RunTo(2000);
        Assert.EndsWith("1259 channel 1 Done 256", _log.ToString());
        CollectionAssert.AreEqual(Bytes(256), Read(_machine.Memory, Pool, 256));
    }

    [TestMethod]
    public void A_start_that_is_refused_starts_nothing()
    {
        _dma.Copy(0, Sdram, Pool, 64, _log);
        Assert.Contains("channel 0 is busy", Assert.ThrowsExactly<InvalidOperationException>(() => _dma.Copy(0, Sdram, Pool, 64, _log)).Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _dma.StartToDevice(1, 9, [Sdram], [64], 1, _log));
        Assert.AreEqual(1, _dma.Transfers);
        Assert.IsFalse(_dma.IsBusy(1));
    }

    /// <summary>A byte a microsecond.</summary>
    private sealed class Wire : DmaPeripheral
    {
        public List<byte> Bytes { get; } = [];

        private int _supplied;

        public override long TimeOf(int bytes) => bytes;

        public override void Accept(ReadOnlySpan<byte> bytes) => Bytes.AddRange(bytes);

        public override void Supply(Span<byte> bytes)
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = Bytes[_supplied++];
            }
        }
    }
}
