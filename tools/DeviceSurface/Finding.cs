namespace Carveout.DeviceSurface;

/// <summary>One reason to refuse, or to warn, at the place that causes it.</summary>
/// <param name="Place"><c>file(line,column)</c>, or a bare name where no line is known.</param>
/// <param name="Code">One of <see cref="FindingCode"/>.</param>
/// <param name="Text">What is wrong.</param>
/// <param name="IsError">False for a warning.</param>
internal readonly record struct Finding(string Place, string Code, string Text, bool IsError = true)
{
    /// <summary>MSBuild's canonical form, which makes it an error or a warning of the build with file and line.</summary>
    public override string ToString()
    {
        // Without a position the canonical form wants a space in front of the colon: "C:" would be a drive.
        string origin = Place.EndsWith(')') ? Place : Place + " ";
        return $"{origin}: {(IsError ? "error" : "warning")} {Code}: {Text}";
    }
}
