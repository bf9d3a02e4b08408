using Carveout.Emulator.Capture;
using Carveout.Emulator.Presentation;
using static Carveout.Emulator.Tests.Capture.DumpLines;

namespace Carveout.Emulator.Tests.Capture;

[TestClass]
public sealed class CaptureLogTests
{
    [TestMethod]
    public void Reads_what_a_line_says()
    {
        CaptureLog log = Of("h 1 4096 16 7 2", "o 3 camera", "b 7 2 -1200 c0000000 8192 4096 3");
        CaptureSession session = log.Sessions.Single();
        Assert.AreEqual(new CapturedRecord(7, TraceKind.Block, -1200, 0xC0000000, 8192, 4096, 3), session.Records.Single());
        Assert.AreEqual(4096, session.PageSize);
        Assert.AreEqual("camera", session.OwnerName(3));
        Assert.AreEqual("owner-4", session.OwnerName(4));
        Assert.AreEqual(2, session.LostInRing);
        Assert.AreEqual(4, session.Missing);
    }

    [TestMethod]
    public void A_line_is_found_among_other_output()
    {
        var log = new CaptureLog();
        log.Add("~ctrl ~c " + Line("l 1 0 0 00000000 0 0 0") + " ok *99");
        log.Add(Line("l 2 0 0 00000000 1 0 0") + Line("l 3 0 0 00000000 2 0 0"));
        log.Add(Line("l 4 0 0 00000000 3 0 0")[..20] + Line("l 5 0 0 00000000 4 0 0"));
        log.Add("nothing of it");
        log.Add(" ");
        Assert.AreSequenceEqual((long[])[1, 2, 3, 5], log.Sessions[0].Records.Select(record => record.Sequence).ToArray());
        Assert.AreEqual(1, log.Cut);
        Assert.AreEqual(1, log.Other);
        Assert.AreEqual(0, log.Garbled);
        Assert.AreEqual(1, log.Sessions[0].Missing);
    }

    [TestMethod]
    [DataRow("q 1 0 0 c0000000 4096 4096 0")]
    [DataRow("b 0 0 0 c0000000 4096 4096 0")]
    [DataRow("b 1 1 0 c0000000 4096 4096 0")]
    [DataRow("b 1 0 0 c000000 4096 4096 0")]
    [DataRow("b 1 0 0 c000000g 4096 4096 0")]
    [DataRow("b 1 0 0 00000000 4096 4096 0")]
    [DataRow("b 1 0 0 c0000000 0 4096 0")]
    [DataRow("b 1 0 0 c0000000 -1 4096 0")]
    [DataRow("b 1 0 0 c0000000 2147483648 4096 0")]
    [DataRow("b 1 0 0 c0000000 4096 4095 0")]
    [DataRow("b 1 0 0 c0000000 4096 0 0")]
    [DataRow("b 1 0 0 c0000000 4096 4096 256")]
    [DataRow("b 1 0 4294967296 c0000000 4096 4096 0")]
    [DataRow("b 1 0 0 c0000000 4096 4096")]
    [DataRow("b 1 0 0 c0000000 4096 4096 0 0")]
    [DataRow("x 1 0 0 c0000000 4096 4096 0")]
    [DataRow("f 1 0 0 00000000 4096 0 0")]
    [DataRow("h 1 4095 16 0 0")]
    [DataRow("h 1 4096 16 3 4")]
    [DataRow("h 1 4096 0 3 0")]
    [DataRow("o 256 camera")]
    [DataRow("o 1 ")]
    [DataRow("o 1 a b")]
    [DataRow("")]
    public void A_line_that_no_device_writes_is_garbled_whatever_its_checksum(string text)
    {
        CaptureLog log = Of(text);
        Assert.AreEqual(1, log.Garbled);
        Assert.AreEqual(0, log.Records);
        Assert.AreEqual(0, log.Cut);
    }

    [TestMethod]
    public void A_second_dump_of_the_same_ring_fills_the_gaps_of_the_first()
    {
        string[] dump = [.. Enumerable.Range(1, 9).Select(i => $"l {i} 0 0 00000000 {i} 0 0")];
        CaptureLog log = Of([.. dump.Where((_, i) => i != 4), .. dump[2..]]);
        Assert.AreEqual(9, log.Records);
        Assert.AreEqual(6, log.Doubled);
        Assert.AreEqual(0, log.Sessions.Single().Missing);
    }

    [TestMethod]
    public void A_log_read_twice_is_doubled_and_no_restart()
    {
        string[] dump = ["h 1 4096 16 1 0", "l 1 0 5 00000000 1 0 0", "h 1 4096 16 1 0", "l 2 0 9 00000000 2 0 0", "h 1 4096 16 2 0"];
        CaptureLog log = Of([.. dump, .. dump]);
        Assert.HasCount(1, log.Sessions);
        Assert.AreEqual(2, log.Records);
        Assert.AreEqual(2, log.Doubled);
    }

    [TestMethod]
    public void A_device_that_starts_anew_is_noticed_by_its_header()
    {
        CaptureLog log = Of("h 1 4096 16 2 0", "l 1 0 5 00000000 1 0 0", "l 2 0 5 00000000 2 0 0", "h 1 4096 16 2 0",
            "h 1 4096 16 1 0", "l 1 0 6 00000000 1 0 0", "h 1 4096 16 1 0");
        Assert.HasCount(2, log.Sessions);
        Assert.AreEqual(3, log.Records);
        Assert.AreEqual(0, log.Doubled);
        Assert.AreEqual(0, log.Sessions.Sum(session => session.Missing));
    }

    [TestMethod]
    public void A_device_that_starts_anew_is_noticed_by_a_number_given_twice()
    {
        CaptureLog log = Of("l 1 0 5 00000000 1 0 0", "l 2 0 5 00000000 2 0 0", "b 1 0 0 c0000000 4096 4096 0");
        Assert.HasCount(2, log.Sessions);
        Assert.AreEqual(3, log.Records);
    }

    [TestMethod]
    public void A_foreign_version_is_said()
    {
        CaptureLog log = Of("h 2 4096 16 0 0");
        Assert.AreEqual(2, log.ForeignVersion);
        Assert.Contains("version 2", CaptureText.Summary(log, new TraceAssembly(log.Sessions)));
    }

    private static CaptureLog Of(params string[] texts)
    {
        var log = new CaptureLog();
        foreach (string text in texts)
        {
            log.Add(Line(text));
        }
        return log;
    }
}
