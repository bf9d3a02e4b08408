using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Carveout.Video;

namespace Carveout.Emulator.Movies;

/// <summary>Writes displayed frames as PNG (ISO/IEC 15948): 8 bits a colour, no palette, lines unfiltered.</summary>
/// <remarks>It is small enough to be written here. The encoder that was tried, BigGustave 1.0.6, wrote wrong pixels for pictures with few
/// colours.</remarks>
internal static class PngWriter
{
    private const byte EightBits = 8, TrueColour = 2, NoFilter = 0;
    private const int ColourSize = 3;

    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Writes a frame; an existing file is replaced.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">RGB565 or RGB565X.</param>
    /// <param name="image">The frame.</param>
    /// <exception cref="UsageException">The file cannot be written.</exception>
    /// <exception cref="ArgumentException">The format is none of these, or the frame is too short.</exception>
    public static void Write(string path, VideoFormat format, ReadOnlySpan<byte> image)
    {
        byte[] data = Compress(format, new Rgb565Image(format, image));
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, format.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), format.Height);
        header[8] = EightBits;
        header[9] = TrueColour;
        try
        {
            using FileStream file = File.Create(path);
            file.Write(Signature);
            WriteChunk(file, "IHDR", header);
            WriteChunk(file, "IDAT", data);
            WriteChunk(file, "IEND", []);
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            throw FileFault.OfOutput(path, e, "--png");
        }
    }

    private static byte[] Compress(VideoFormat format, Rgb565Image pixels)
    {
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Optimal, leaveOpen: true))
        {
            byte[] line = new byte[1 + (ColourSize * format.Width)];
            line[0] = NoFilter;
            for (int y = 0; y < format.Height; y++)
            {
                for (int x = 0; x < format.Width; x++)
                {
                    int at = 1 + (ColourSize * x);
                    (line[at], line[at + 1], line[at + 2]) = pixels.Pixel(x, y);
                }
                zlib.Write(line);
            }
        }
        return data.ToArray();
    }

    private static void WriteChunk(Stream file, string type, byte[] data)
    {
        byte[] chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc(chunk.AsSpan(4, 4 + data.Length)));
        file.Write(chunk);
    }

    /// <summary>CRC-32 of ISO 3309, bit by bit: frames are few and compressed.</summary>
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }
        return ~crc;
    }
}
