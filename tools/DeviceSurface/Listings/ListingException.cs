namespace Carveout.DeviceSurface;

/// <summary>A listing that cannot be used.</summary>
internal sealed class ListingException(string place, string message) : Exception(message)
{
    /// <summary>The line at fault, as <c>file(line,column)</c>.</summary>
    public string Place { get; } = place;
}
