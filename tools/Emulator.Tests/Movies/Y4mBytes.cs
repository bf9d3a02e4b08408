using System.Text;

namespace Carveout.Emulator.Tests.Movies;

/// <summary>Movies in memory.</summary>
internal static class Y4mBytes
{
    /// <summary>A movie whose frame i consists of bytes i + 1, i + 2 and so on.</summary>
    public static byte[] Movie(string header, int frameSize, int frames, string frameLine = "FRAME")
    {
        var movie = new MemoryStream();
        movie.Write(Encoding.ASCII.GetBytes(header + "\n"));
        for (int i = 0; i < frames; i++)
        {
            movie.Write(Encoding.ASCII.GetBytes(frameLine + "\n"));
            for (int at = 0; at < frameSize; at++)
            {
                movie.WriteByte((byte)(i + 1 + at));
            }
        }
        return movie.ToArray();
    }

    /// <summary>A movie of one frame with these bytes.</summary>
    public static byte[] Still(string header, params byte[] frame) => [.. Encoding.ASCII.GetBytes(header + "\nFRAME\n"), .. frame];
}
