using System.Globalization;
using System.Text.RegularExpressions;

namespace Carveout.DeviceSurface.Tests;

/// <summary>An error or a warning in MSBuild's canonical form.</summary>
/// <param name="File">The file, or what stands in its place; empty if there is nothing.</param>
/// <param name="Line">0 if the message has none.</param>
/// <param name="IsError">False for a warning.</param>
/// <param name="Code">For example CS0246 or NFS001.</param>
/// <param name="Text">The whole line.</param>
internal sealed partial record Message(string File, int Line, bool IsError, string Code, string Text)
{
    /// <summary>The messages in the output of a compiler, a check or a build, each once.</summary>
    public static IReadOnlyList<Message> ReadAll(string output)
    {
        var messages = new List<Message>();
        foreach (string line in output.Split('\n'))
        {
            var match = CanonicalForm().Match(line.Trim());
            if (match.Success)
            {
                int number = match.Groups["line"].Success
                    ? int.Parse(match.Groups["line"].Value, CultureInfo.InvariantCulture)
                    : 0;
                bool isError = match.Groups["kind"].Value == "error";
                messages.Add(new(match.Groups["file"].Value, number, isError, match.Groups["code"].Value, line.Trim()));
            }
        }

        return [.. messages.Distinct()];
    }

    public override string ToString() => Text;

    [GeneratedRegex(@"^(?:(?<file>.+?)(?:\((?<line>\d+),\d+\)| ): )?(?<kind>error|warning) (?<code>[A-Z]+\d+): ")]
    private static partial Regex CanonicalForm();
}
