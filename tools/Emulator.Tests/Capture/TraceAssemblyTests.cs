using Carveout.Emulator.Capture;
using static Carveout.Emulator.Tests.Capture.DumpLines;

namespace Carveout.Emulator.Tests.Capture;

[TestClass]
public sealed class TraceAssemblyTests
{
    private const string Header = "h 1 4096 64 0 0";

    [TestMethod]
    public void An_address_that_is_used_again_is_another_block()
    {
        Expect("a 0 4096 4096|f 0|a 1 8192 8192|f 1", 0, 0,
            "b 1 0 0 c0000000 4096 4096 0", "f 2 0 0 c0000000 4096 0 0", "b 3 0 0 c0000000 8192 8192 0", "f 4 0 0 c0000000 8192 0 0");
    }

    [TestMethod]
    public void A_free_of_what_was_taken_before_the_ring_began_is_left_out()
    {
        Expect("a 0 4096 4096", 1, 0, "f 9 8 0 c0000000 4096 0 0", "b 10 8 0 c0000000 4096 4096 0");
    }

    /// <summary>A block of 5 pages takes 8. If somebody else has one of the last three, that page was allocated after the block was
    /// freed.</summary>
    [TestMethod]
    [DataRow("b 3 0 0 c0000000 4096 4096 0")]
    [DataRow("b 3 0 0 c0007000 4096 4096 0")]
    [DataRow("r 3 0 0 bffff000 8192 4096 0")]
    public void A_block_taken_over_a_live_one_proves_that_it_was_freed(string taken)
    {
        string[] words = taken.Split(' ');
        Expect($"a 0 20480 4096|f 0|a 1 {words[5]} {words[6]}", 0, 1, "b 1 0 0 c0000000 20480 4096 0", taken);
    }

    [TestMethod]
    public void A_run_takes_no_more_than_it_asked_for()
    {
        Expect("a 0 20480 4096|a 1 4096 4096", 0, 0, "r 1 0 0 c0000000 20480 4096 0", "b 2 0 0 c0005000 4096 4096 0");
    }

    [TestMethod]
    [DataRow("f 4 0 0 c0000000 8192 0 0")]
    [DataRow("f 4 0 0 c0001000 4096 0 0")]
    [DataRow("t 4 0 0 c0001000 4096 0 0")]
    [DataRow("t 4 0 0 c0000000 16385 0 0")]
    public void A_free_or_trim_that_does_not_fit_proves_that_the_block_is_another(string other)
    {
        Expect("a 0 16384 16384|f 0", 1, 1, "b 1 0 0 c0000000 16384 16384 0", other);
    }

    [TestMethod]
    public void A_trim_at_once_is_a_request_for_what_is_kept()
    {
        Expect("a 0 5000 4096|f 0", 0, 0, "b 1 0 0 c0000000 16384 16384 0", "t 2 0 0 c0000000 5000 0 0", "f 3 0 0 c0000000 8192 0 0");
    }

    [TestMethod]
    public void A_trim_later_is_a_trim_and_its_tail_is_free()
    {
        Expect("a 0 16384 16384|a 1 4096 4096|t 0 5000|a 2 8192 8192|f 0", 0, 0,
            "b 1 0 0 c0000000 16384 16384 0", "b 2 0 0 d0000000 4096 4096 0", "t 3 0 0 c0000000 5000 0 0", "b 4 0 0 c0002000 8192 8192 0",
            "f 5 0 0 c0000000 8192 0 0");
    }

    [TestMethod]
    public void A_refused_request_is_tried_and_given_back_at_once()
    {
        TraceAssembly trace = Expect("# refused|a 0 65536 65536|f 0|a 1 4096 4096", 0, 0, "x 1 0 0 00000000 65536 65536 0",
            "b 2 0 0 c0000000 4096 4096 0");
        Assert.AreEqual(1, trace.Refused);
    }

    [TestMethod]
    public void Loops_times_and_owners_stand_in_the_trace()
    {
        Expect("# loop 7|a 0 4096 4096 time=0 by=camera|f 0 time=16", 0, 0, "o 2 camera", "l 1 0 2147483640 00000000 7 0 0",
            "b 2 0 2147483640 c0000000 4096 4096 2", "f 3 0 -2147483640 c0000000 4096 0 2");
    }

    [TestMethod]
    public void A_clock_that_goes_back_stands_still()
    {
        Expect("a 0 4096 4096 time=0 by=owner-0|f 0 time=0|a 1 4096 4096 time=5 by=owner-0", 0, 0, "b 1 0 100 c0000000 4096 4096 0",
            "f 2 0 50 c0000000 4096 0 0", "b 3 0 55 c0000000 4096 4096 0");
    }

    [TestMethod]
    public void A_restart_frees_everything()
    {
        Expect("a 0 4096 4096 time=0 by=owner-0|a 1 8192 4096 time=4 by=owner-0|# the device starts anew|f 0 time=4|f 1 time=4"
            + "|a 2 4096 4096 time=4 by=owner-0", 0, 0,
            "b 1 0 5 c0000000 4096 4096 0", "r 2 0 9 c0004000 8192 4096 0", "h 1 4096 64 1 0", "b 1 0 3 c0004000 4096 4096 0");
    }

    [TestMethod]
    public void Without_a_page_size_only_what_is_certain_is_put_right()
    {
        var log = new CaptureLog();
        string[] texts =
        [
            "b 1 0 0 c0000000 300 4096 0", "b 2 0 0 c0000100 256 256 0", "f 3 0 0 c0000100 65536 0 0", "b 4 0 0 c0000200 256 256 0",
        ];
        foreach (string text in texts)
        {
            log.Add(Line(text));
        }
        var trace = new TraceAssembly(log.Sessions);
        Assert.AreEqual("a 0 300 4096|f 0|a 1 256 256|f 1|a 2 256 256", Bare(trace));
        Assert.AreEqual(1, trace.Deduced);
    }

    private static TraceAssembly Expect(string lines, int unknown, int deduced, params string[] texts)
    {
        var log = new CaptureLog();
        log.Add(Line(Header));
        foreach (string text in texts)
        {
            log.Add(Line(text));
        }
        Assert.AreEqual(0, log.Garbled);
        var trace = new TraceAssembly(log.Sessions);
        Assert.AreEqual(lines, lines.Contains("time=") ? string.Join('|', trace.Lines) : Bare(trace));
        Assert.AreEqual(unknown, trace.Unknown);
        Assert.AreEqual(deduced, trace.Deduced);
        return trace;
    }

    private static string Bare(TraceAssembly trace) => string.Join('|', trace.Lines.Select(line => line.Split(" by=")[0]));
}
