namespace Carveout.Emulator.Tests.Replay;

/// <summary>A trace in a file, which is deleted when this is disposed of.</summary>
internal sealed class TraceText : IDisposable
{
    public TraceText(string text)
    {
        Path = System.IO.Path.GetTempFileName();
        File.WriteAllText(Path, text);
    }

    public string Path { get; }

    public void Dispose() => File.Delete(Path);
}
