using Carveout.Emulator.Movies;
using Carveout.Video;

namespace Carveout.Emulator.Tests.Movies;

/// <summary>Measures how much pictures differ.</summary>
internal static class Pictures
{
    /// <summary>The sum of squared differences between a frame and one with eight bits a colour, which is cut to five and six bits
    /// first.</summary>
    public static double SquaredError(VideoFormat format, ReadOnlySpan<byte> image, ReadOnlySpan<byte> rgb)
    {
        var pixels = new Rgb565Image(format, image);
        double sum = 0;
        for (int y = 0, at = 0; y < format.Height; y++)
        {
            for (int x = 0; x < format.Width; x++, at += 3)
            {
                (byte red, byte green, byte blue) = pixels.Pixel(x, y);
                sum += Square(red - Cut(rgb[at], 5)) + Square(green - Cut(rgb[at + 1], 6)) + Square(blue - Cut(rgb[at + 2], 5));
            }
        }
        return sum;
    }

    /// <summary>The peak signal-to-noise ratio in dB; infinite if there is no noise.</summary>
    public static double Psnr(double squares, long samples) => 10 * Math.Log10(255.0 * 255 * samples / squares);

    /// <summary>Keeps only the upper bits of eight, and widens them to eight again.</summary>
    private static int Cut(int value, int bits)
    {
        int cut = value >> (8 - bits);
        return (cut << (8 - bits)) | (cut >> ((2 * bits) - 8));
    }

    private static double Square(int difference) => (double)difference * difference;
}
