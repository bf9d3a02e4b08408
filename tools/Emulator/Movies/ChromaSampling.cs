namespace Carveout.Emulator.Movies;

/// <summary>How many chroma samples a YUV4MPEG2 movie has.</summary>
/// <remarks>A sample is taken to lie in the middle of the pixels that share it, whatever its name says: ffmpeg's scaler does so, and RGB made of
/// pairs of pixels has it so.</remarks>
/// <param name="Name">As in the header.</param>
/// <param name="Across">Pixels for each sample of a line; 0 where there is no chroma.</param>
/// <param name="Down">Lines for each line of samples.</param>
internal sealed record ChromaSampling(string Name, int Across, int Down)
{
    /// <summary>What a header without a C parameter means.</summary>
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

    /// <summary>Those that can be read, by name.</summary>
    public static string Names => string.Join(", ", s_known.Select(known => known.Name));

    /// <summary>Whether there is luma alone.</summary>
    public bool IsMono => Across == 0;

    /// <summary>The sampling of a name, or null.</summary>
    public static ChromaSampling? Find(string name) => s_known.FirstOrDefault(known => known.Name == name);

    /// <summary>Samples in a line of so many pixels; an odd pixel has one of its own.</summary>
    public int Width(int pixels) => IsMono ? 0 : (pixels + Across - 1) / Across;

    /// <summary>Lines of samples for so many lines.</summary>
    public int Height(int lines) => IsMono ? 0 : (lines + Down - 1) / Down;
}
