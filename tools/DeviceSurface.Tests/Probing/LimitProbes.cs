using System.Text;

namespace Carveout.DeviceSurface.Tests.Probing;

/// <summary>Probes at the limit of what the device counts in a byte: too long to be written by hand.</summary>
internal static class LimitProbes
{
    private const int Most = 250;

    /// <summary>One each of what is just allowed.</summary>
    public static IReadOnlyList<Probe> Accepted { get; } =
    [
        Locals("MostLocals", Most, mark: ""),
        Arguments("MostArguments", Most, mark: ""),
        StackSlots("MostStackSlots", Most, mark: ""),
    ];

    /// <summary>The same with one more.</summary>
    public static IReadOnlyList<Probe> Refused { get; } =
    [
        Locals("ManyLocals", Most + 1, mark: " // error NFS005"),
        Arguments("ManyArguments", Most + 1, mark: " // error NFS005"),
        StackSlots("ManyStackSlots", Most + 1, mark: " // error NFS005"),
    ];

    /// <summary>A local whose address is taken is one that the compiler cannot do without.</summary>
    private static Probe Locals(string name, int count, string mark)
    {
        var body = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            body.Append($"int v{i} = a; a += Same(ref v{i});{mark}\n");
            mark = "";
        }

        return Method(name, "int a", $"{body}return a;\nstatic int Same(ref int value) {{ return value; }}");
    }

    private static Probe Arguments(string name, int count, string mark)
    {
        var parameters = Enumerable.Range(0, count).Select(i => "int p" + i);
        return Method(name, string.Join(", ", parameters), $"return p0;{mark}");
    }

    /// <summary>In a + (a + (a + ...)) every operand waits on the stack for the last.</summary>
    private static Probe StackSlots(string name, int count, string mark)
    {
        string opening = string.Concat(Enumerable.Repeat("(a + ", count - 1));
        return Method(name, "int a", $"return {opening}a{new string(')', count - 1)};{mark}");
    }

    private static Probe Method(string name, string parameters, string body)
    {
        string text = $"namespace Probe {{ public static class {name} {{ public static int Run({parameters}) {{\n{body}\n}} }} }}\n";
        return new Probe(name, text);
    }
}
