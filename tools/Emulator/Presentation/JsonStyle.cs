using System.Text.Json;

namespace Carveout.Emulator.Presentation;

/// <summary>The style of results in JSON: keys in camel case, indented.</summary>
internal static class JsonStyle
{
    /// <summary>The options for all results.</summary>
    public static readonly JsonSerializerOptions Results = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };
}
