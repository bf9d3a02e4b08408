using System.Buffers;

namespace Carveout.Emulator.Diagnosis;

/// <summary>Reads one format, or a family of formats that a system prints together.</summary>
internal abstract class DumpReader
{
    /// <summary>After so many foreign lines a dump that has not ended is taken to be over.</summary>
    protected const int MostForeignLines = 400;

    /// <summary>Called with every dump when it has ended.</summary>
    public required Action<Dump> Found { get; init; }

    /// <summary>Words of which a line has at least one if a dump begins with it or if it is a dump by itself. Most lines of most logs have
    /// none, and are skipped at once.</summary>
    public abstract SearchValues<string> Words { get; }

    /// <summary>Whether a dump has begun, so that lines without these words may belong to it.</summary>
    public virtual bool IsOpen => false;

    /// <summary>Reads a line.</summary>
    /// <returns>Whether the line belongs to this format.</returns>
    public abstract bool Read(DumpLine line);

    /// <summary>Called at the end of the input.</summary>
    public virtual void End()
    {
    }
}
