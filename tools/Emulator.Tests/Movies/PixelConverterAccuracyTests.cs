using Carveout.Emulator.Movies;
using Carveout.Video;

namespace Carveout.Emulator.Tests.Movies;

/// <summary>Compares the device's tables with the formula in double precision, rounded to eight bits and cut to five and six.</summary>
[TestClass]
public sealed class PixelConverterAccuracyTests
{
    private const int ChromaStep = 3;

    public TestContext TestContext { get; set; } = null!;

    /// <summary>Every Y, every third U and V. The goal is 45 dB, and the floor is what was reached.</summary>
    [TestMethod]
    [DataRow(Quantization.LimitedRange, 53)]
    [DataRow(Quantization.FullRange, 50)]
    public void Tables_miss_the_formula_by_little(Quantization range, int decibels)
    {
        var converter = new PixelConverter(range, PixelFormat.RGB565);
        var format = new VideoFormat(256, 1, PixelFormat.RGB565);
        byte[] yuyv = new byte[512], line = new byte[512], exact = new byte[768];
        double squares = 0;
        long samples = 0;
        for (int u = 0; u < 256; u += ChromaStep)
        {
            for (int v = 0; v < 256; v += ChromaStep)
            {
                for (int y = 0; y < 256; y++)
                {
                    yuyv[2 * y] = (byte)y;
                    yuyv[(2 * y) + 1] = (byte)((y & 1) == 0 ? u : v);
                    Exact(range, y, u, v, exact.AsSpan(3 * y));
                }
                converter.YuyvLine(yuyv, 0, line, 0, 256);
                squares += Pictures.SquaredError(format, line, exact);
                samples += exact.Length;
            }
        }
        double ratio = Pictures.Psnr(squares, samples);
        TestContext.WriteLine($"{range}: {ratio:0.0} dB over {samples / 3} colours");
        Assert.IsGreaterThanOrEqualTo(decibels, ratio);
    }

    private static void Exact(Quantization range, int y, int u, int v, Span<byte> rgb)
    {
        bool limited = range == Quantization.LimitedRange;
        double luma = limited ? (y - 16) / 219.0 : y / 255.0, chroma = limited ? 224.0 : 255.0;
        double red = luma + (1.402 * (v - 128) / chroma), blue = luma + (1.772 * (u - 128) / chroma);
        double green = (luma - (0.299 * red) - (0.114 * blue)) / 0.587;
        rgb[0] = Byte(red);
        rgb[1] = Byte(green);
        rgb[2] = Byte(blue);
    }

    private static byte Byte(double share) => (byte)Math.Clamp(Math.Floor((share * 255) + 0.5), 0, 255);
}
