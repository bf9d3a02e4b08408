using System.Text;

namespace Carveout.Emulator.Tests;

/// <summary>Divides a console stream, which belongs to the whole process: code within a <see cref="Use"/>, on any thread, writes to a
/// writer of its own, and all other code to the standard one.</summary>
internal sealed class OwnWriter(TextWriter standard) : TextWriter
{
    private readonly AsyncLocal<TextWriter?> _own = new();

    public override Encoding Encoding => Target.Encoding;

    private TextWriter Target => _own.Value ?? standard;

    /// <summary>Sets the writer for this test from here on, and for everything that it starts.</summary>
    /// <param name="own">The writer; null for the standard one.</param>
    public void Use(TextWriter? own) => _own.Value = own;

    public override void Write(char value) => Target.Write(value);

    public override void Write(char[] buffer, int index, int count) => Target.Write(buffer, index, count);

    public override void Write(string? value) => Target.Write(value);

    public override void WriteLine() => Target.WriteLine();

    public override void WriteLine(string? value) => Target.WriteLine(value);

    public override void Flush() => Target.Flush();
}
