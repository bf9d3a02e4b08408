namespace Carveout.Emulator.Movies;

/// <summary>The chroma samples of a YUV4MPEG2 movie.</summary>
/// <remarks>A sample lies in the middle of the pixels that share it, whatever its name says: ffmpeg's scaler assumes that, and it is right
/// for RGB made of pairs of pixels.</remarks>
/// <param name="Name">The name in the header.</param>
/// <param name="Across">Pixels for each sample of a line; 0 if there is no chroma.</param>
/// <param name="Down">Lines for each line of samples.</param>
internal sealed record ChromaSampling(string Name, int Across, int Down)
{
    /// <summary>The sampling of a header without a C parameter.</summary>
    public const string Default = "420jpeg";

    private static readonly ChromaSampling[] s_known =
    [
        new("420jpeg", 2, 2),
        new("420mpeg2", 2, 2),
        new("420paldv", 2, 2),
        new("420", 2, 2),
        new("422", 2, 1),
        new("444", 1, 1),
        new("mono", 0, 0),
    ];

    /// <summary>The names of the samplings that can be read.</summary>
    public static string Names => string.Join(", ", s_known.Select(known => known.Name));

    /// <summary>Whether there is no chroma.</summary>
    public bool IsMono => Across == 0;

    /// <summary>The sampling with this name, or null.</summary>
    public static ChromaSampling? Find(string name) => s_known.FirstOrDefault(known => known.Name == name);

    /// <summary>Samples in a line of so many pixels; an odd last pixel has a sample of its own.</summary>
    public int Width(int pixels) => IsMono ? 0 : (pixels + Across - 1) / Across;

    /// <summary>Lines of samples for so many lines.</summary>
    public int Height(int lines) => IsMono ? 0 : (lines + Down - 1) / Down;
}
