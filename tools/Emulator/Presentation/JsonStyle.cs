using System.Text.Json;

namespace Carveout.Emulator.Presentation;

/// <summary>How results look as JSON: keys in camel case, indented.</summary>
internal static class JsonStyle
{
    /// <summary>For all results.</summary>
    public static readonly JsonSerializerOptions Results = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };
}
