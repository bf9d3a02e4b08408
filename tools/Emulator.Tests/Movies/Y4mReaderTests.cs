using Carveout.Emulator.Movies;
using Carveout.Video;

namespace Carveout.Emulator.Tests.Movies;

/// <summary>Reading YUV4MPEG2: headers, frames, loops, and every way in which a file can be wrong.</summary>
[TestClass]
public sealed class Y4mReaderTests
{
    private const string Name = "movie.y4m";

    [TestMethod]
    [DataRow("YUV4MPEG2 W320 H240 F30:1 Ip A1:1 C420jpeg XYSCSS=420JPEG", 320, 240, 30, 1, "420jpeg", false, 115200)]
    [DataRow("YUV4MPEG2 W5 H3", 5, 3, 25, 1, "420jpeg", false, 27)]
    [DataRow("YUV4MPEG2 C422 F30000:1001 H3 W5 It A0:0", 5, 3, 30000, 1001, "422", false, 33)]
    [DataRow("YUV4MPEG2 W5 H3 F0:0 C444 XCOLORRANGE=FULL", 5, 3, 25, 1, "444", true, 45)]
    [DataRow("YUV4MPEG2  W5  H3 Cmono", 5, 3, 25, 1, "mono", true, 15)]
    [DataRow("YUV4MPEG2 W5 H3 Cmono XCOLORRANGE=LIMITED", 5, 3, 25, 1, "mono", false, 15)]
    [DataRow("YUV4MPEG2 W1 H1 C420mpeg2", 1, 1, 25, 1, "420mpeg2", false, 3)]
    [DataRow("YUV4MPEG2 W8192 H8192 C420paldv Z9", 8192, 8192, 25, 1, "420paldv", false, 100663296)]
    [DataRow("YUV4MPEG2 W2 H2 C420", 2, 2, 25, 1, "420", false, 6)]
    public void Reads_headers(string line, int width, int height, int numerator, int denominator, string chroma, bool full, int frameSize)
    {
        Y4mHeader header = Y4mHeader.Parse(Name, line);
        Assert.AreEqual(new Y4mHeader(width, height, numerator, denominator, ChromaSampling.Find(chroma)!,
            full ? Quantization.FullRange : Quantization.LimitedRange), header);
        Assert.AreEqual(frameSize, header.FrameSize);
    }

    [TestMethod]
    [DataRow("YUV4MPEG W5 H3", "begins with no YUV4MPEG2")]
    [DataRow("", "begins with no YUV4MPEG2")]
    [DataRow("RIFF....AVI ", "begins with no YUV4MPEG2")]
    [DataRow("YUV4MPEG2", "no width")]
    [DataRow("YUV4MPEG2 H3", "no width")]
    [DataRow("YUV4MPEG2 W5", "no height")]
    [DataRow("YUV4MPEG2 W0 H3", "W0 in the header: expected 1 to 8192")]
    [DataRow("YUV4MPEG2 W5 H8193", "H8193 in the header")]
    [DataRow("YUV4MPEG2 W5 H-3", "H-3 in the header")]
    [DataRow("YUV4MPEG2 W5 Hx", "Hx in the header")]
    [DataRow("YUV4MPEG2 W99999999999 H3", "W99999999999 in the header")]
    [DataRow("YUV4MPEG2 W5 H3 F30", "F30 in the header: expected a frame rate")]
    [DataRow("YUV4MPEG2 W5 H3 F30:0", "F30:0 in the header")]
    [DataRow("YUV4MPEG2 W5 H3 F0:1", "F0:1 in the header")]
    [DataRow("YUV4MPEG2 W5 H3 C420p10", "420p10 is not read, it has more than 8 bits a sample")]
    [DataRow("YUV4MPEG2 W5 H3 C444p16 XYSCSS=444P16", "444p16 is not read, it has more than 8 bits")]
    [DataRow("YUV4MPEG2 W5 H3 Cmono12", "mono12 is not read, it has more than 8 bits")]
    [DataRow("YUV4MPEG2 W5 H3 C444alpha", "444alpha is not read, it has an alpha channel")]
    [DataRow("YUV4MPEG2 W5 H3 C411", "411 is not read")]
    [DataRow("YUV4MPEG2 W5 H3 Cnone", "none is not read: expected one of 420jpeg, 420mpeg2, 420paldv, 420, 422, 444, mono")]
    public void Refuses_headers_by_name(string line, string why)
    {
        UsageException e = Assert.ThrowsExactly<UsageException>(() => Open(Y4mBytes.Movie(line, 3, 1)));
        Assert.StartsWith(Name + ": ", e.Message);
        Assert.Contains(why, e.Message);
    }

    [TestMethod]
    public void Frames_come_in_any_order_and_go_round()
    {
        using Y4mReader reader = Open(Y4mBytes.Movie("YUV4MPEG2 W2 H2 C420jpeg", 6, 3, "FRAME Ip XA=1"));
        var frame = new Y4mFrame(reader.Header);
        Assert.AreEqual(-1, reader.FrameCount);
        foreach (long number in (long[])[0, 2, 1, 0, 3, 4, 1_000_000_000_000, 2])
        {
            reader.ReadFrame(number, frame);
            byte first = (byte)((number % 3) + 1);
            Assert.AreSequenceEqual(new byte[] { first, (byte)(first + 1), (byte)(first + 2), (byte)(first + 3) }, frame.Luma);
            Assert.AreSequenceEqual(new byte[] { (byte)(first + 4) }, frame.U);
            Assert.AreSequenceEqual(new byte[] { (byte)(first + 5) }, frame.V);
        }
        Assert.AreEqual(3, reader.FrameCount);
    }

    [TestMethod]
    [DataRow(0L)]
    [DataRow(1L)]
    [DataRow(7L)]
    public void One_frame_is_a_movie(long number)
    {
        using Y4mReader reader = Open(Y4mBytes.Movie("YUV4MPEG2 W3 H1 C444", 9, 1));
        var frame = new Y4mFrame(reader.Header);
        reader.ReadFrame(number, frame);
        Assert.AreSequenceEqual(new byte[] { 1, 2, 3 }, frame.Luma);
        Assert.AreSequenceEqual(new byte[] { 7, 8, 9 }, frame.V);
    }

    [TestMethod]
    public void Odd_sizes_have_a_sample_for_the_odd_pixel()
    {
        using Y4mReader reader = Open(Y4mBytes.Movie("YUV4MPEG2 W3 H3 C420jpeg", 17, 2));
        var frame = new Y4mFrame(reader.Header);
        reader.ReadFrame(1, frame);
        Assert.AreEqual(2, frame.ChromaWidth);
        Assert.AreEqual(2, frame.ChromaHeight);
        Assert.AreSequenceEqual(new byte[] { 11, 12, 13, 14 }, frame.U);
        Assert.AreSequenceEqual(new byte[] { 15, 16, 17, 18 }, frame.V);
        using Y4mReader mono = Open(Y4mBytes.Movie("YUV4MPEG2 W3 H3 Cmono", 9, 1));
        frame = new Y4mFrame(mono.Header);
        mono.ReadFrame(0, frame);
        Assert.IsEmpty(frame.U);
    }

    /// <summary>Whether the frame is read, or skipped on the way to another one.</summary>
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(9)]
    public void A_frame_that_is_cut_off_is_named_with_its_byte(int number)
    {
        byte[] movie = Y4mBytes.Movie("YUV4MPEG2 W2 H2", 6, 2);
        using Y4mReader reader = Open(movie[..^2]);
        var frame = new Y4mFrame(reader.Header);
        reader.ReadFrame(0, frame);
        UsageException e = Assert.ThrowsExactly<UsageException>(() => reader.ReadFrame(number, frame));
        Assert.AreEqual("movie.y4m: frame 1 is cut off: it has 4 of 6 bytes from byte 34 on", e.Message);
        reader.ReadFrame(0, frame);
        Assert.AreEqual(1, frame.Luma[0]);
    }

    [TestMethod]
    public void A_frame_that_begins_with_something_else_is_named_with_its_byte()
    {
        byte[] movie = [.. Y4mBytes.Movie("YUV4MPEG2 W2 H2", 6, 1), .. "FRAMES\n123456"u8];
        using Y4mReader reader = Open(movie);
        var frame = new Y4mFrame(reader.Header);
        UsageException e = Assert.ThrowsExactly<UsageException>(() => reader.ReadFrame(1, frame));
        Assert.AreEqual("movie.y4m: frame 1 at byte 28 begins with something else than FRAME", e.Message);
    }

    [TestMethod]
    public void Refuses_a_movie_without_frames_and_a_file_that_is_not_there()
    {
        Assert.AreEqual("movie.y4m: the movie has no frame",
            Assert.ThrowsExactly<UsageException>(() => Open(Y4mBytes.Movie("YUV4MPEG2 W2 H2", 6, 0))).Message);
        Assert.Contains("missing.y4m", Assert.ThrowsExactly<UsageException>(() => Y4mReader.Open("missing.y4m")).Message);
        Assert.ThrowsExactly<UsageException>(() => Open([]));
        Assert.ThrowsExactly<UsageException>(() => Open([.. Enumerable.Repeat((byte)200, 5000)]));
    }

    [TestMethod]
    public void Refuses_a_frame_of_another_movie_and_a_number_below_zero()
    {
        using Y4mReader reader = Open(Y4mBytes.Movie("YUV4MPEG2 W2 H2", 6, 1));
        using Y4mReader other = Open(Y4mBytes.Movie("YUV4MPEG2 W2 H2 C444", 12, 1));
        Assert.ThrowsExactly<ArgumentException>(() => reader.ReadFrame(0, new Y4mFrame(other.Header)));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => reader.ReadFrame(-1, new Y4mFrame(reader.Header)));
    }

    private static Y4mReader Open(byte[] movie) => Y4mReader.Read(new MemoryStream(movie), Name);
}
