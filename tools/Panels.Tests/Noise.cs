using System.Buffers.Binary;
using System.Drawing;

namespace Carveout.Panels.Tests;

/// <summary>Pictures in which every pixel is different.</summary>
internal static class Noise
{
    /// <summary>A picture of RGB565.</summary>
    public static byte[] Picture(int width, int height, int seed)
    {
        byte[] picture = new byte[2 * width * height];
        new Random(seed).NextBytes(picture);
        return picture;
    }

    /// <summary>A picture of RGB565 in black and white.</summary>
    public static byte[] BlackAndWhite(int width, int height, int seed)
    {
        byte[] picture = new byte[2 * width * height];
        var random = new Random(seed);
        for (int i = 0; i < picture.Length; i += 2)
        {
            picture[i] = picture[i + 1] = (byte)-random.Next(2);
        }
        return picture;
    }

    /// <summary>The same pixels with their high bytes first.</summary>
    public static byte[] Swapped(byte[] picture) => [.. Enumerable.Range(0, picture.Length).Select(i => picture[i ^ 1])];

    /// <summary>The colour of a pixel, which is the same in RGB565 and in 24 bits.</summary>
    public static Color ColorAt(byte[] picture, int pixel)
    {
        int color = BinaryPrimitives.ReadUInt16LittleEndian(picture.AsSpan(2 * pixel));
        return Color.FromArgb(color >> 11 << 3, (color >> 5 & 63) << 2, (color & 31) << 3);
    }

    /// <summary>Fails at the first pixel that differs.</summary>
    public static void AssertShown(byte[] expected, Panel panel, string when)
    {
        byte[] shown = panel.Picture();
        Assert.HasCount(expected.Length, shown, when);
        int first = expected.AsSpan().CommonPrefixLength(shown) / 2, wrong = 0;
        for (int i = 0; i < expected.Length; i += 2)
        {
            wrong += expected[i] != shown[i] || expected[i + 1] != shown[i + 1] ? 1 : 0;
        }
        Assert.AreEqual(0, wrong, $"{when}: pixels are wrong, the first at {first % panel.Format.Width},{first / panel.Format.Width}");
    }
}
