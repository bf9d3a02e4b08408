namespace Carveout.Emulator.Movies;

/// <summary>Room for a frame as the movie has it: three planes of bytes without gaps, or one for mono.</summary>
internal sealed class Y4mFrame
{
    /// <summary>Makes room for a movie's frame.</summary>
    public Y4mFrame(Y4mHeader header)
    {
        Header = header;
        Luma = new byte[header.Width * header.Height];
        ChromaWidth = header.Chroma.Width(header.Width);
        ChromaHeight = header.Chroma.Height(header.Height);
        U = new byte[ChromaWidth * ChromaHeight];
        V = new byte[ChromaWidth * ChromaHeight];
    }

    public Y4mHeader Header { get; }

    public byte[] Luma { get; }

    public byte[] U { get; }

    public byte[] V { get; }

    /// <summary>Samples in a line of U or V; 0 for mono.</summary>
    public int ChromaWidth { get; }

    public int ChromaHeight { get; }
}
