using System.Buffers;

namespace Carveout.Emulator.Diagnosis;

/// <summary>Knows one format, or a family of them that a system prints together.</summary>
internal abstract class DumpReader
{
    /// <summary>Lines of others after which a dump that has not ended is over.</summary>
    protected const int MostForeignLines = 400;

    /// <summary>Told of every dump as it is over.</summary>
    public required Action<Dump> Found { get; init; }

    /// <summary>What a line has one of, if a dump begins with it or it says something alone. Most lines of most logs have none and cost nothing
    /// more.</summary>
    public abstract SearchValues<string> Words { get; }

    /// <summary>Whether a dump has begun, so that lines which say nothing by themselves may be of it.</summary>
    public virtual bool IsOpen => false;

    /// <summary>Reads a line.</summary>
    /// <returns>Whether it is of this format.</returns>
    public abstract bool Read(DumpLine line);

    /// <summary>The input is over.</summary>
    public virtual void End()
    {
    }
}
