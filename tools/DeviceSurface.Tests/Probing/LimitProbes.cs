using System.Text;

namespace Carveout.DeviceSurface.Tests.Probing;

/// <summary>Probes at the limit of what the device, or a .pe, counts in a byte. They are too long to be written by hand.</summary>
internal static class LimitProbes
{
    private const int Most = 250, MostInPe = 255;

    /// <summary>A probe at each limit.</summary>
    public static IReadOnlyList<Probe> Accepted { get; } =
    [
        Locals("MostLocals", Most, mark: ""),
        Arguments("MostArguments", Most, mark: ""),
        StackSlots("MostStackSlots", Most, mark: ""),
        .. Counts("Most", MostInPe, mark: ""),
    ];

    /// <summary>The same probes, one beyond each limit.</summary>
    public static IReadOnlyList<Probe> Refused { get; } =
    [
        Locals("ManyLocals", Most + 1, mark: " // error NFS005"),
        Arguments("ManyArguments", Most + 1, mark: " // error NFS005"),
        StackSlots("ManyStackSlots", Most + 1, mark: " // error NFS005"),
        .. Counts("Many", MostInPe + 1, mark: " // error NFS014"),
    ];

    /// <summary>The compiler cannot remove a local whose address is taken.</summary>
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

    /// <summary>A switch with as many cases, and a type for each kind of member. What is wrong with it is reported at its first line of
    /// code.</summary>
    private static IEnumerable<Probe> Counts(string name, int count, string mark)
    {
        // The compiler makes a table of a switch with successive values.
        string cases = string.Concat(Enumerable.Range(1, count - 1).Select(i => $"case {i}: return {i * 7 % 5};\n"));
        yield return Method(name + "Cases", "int a", $"switch (a)\n{{\ncase 0: return 9;{mark}\n{cases}}}\nreturn a;");
        string blocks = string.Concat(Enumerable.Repeat("try { a++; } catch (System.Exception) { a--; }\n", count));
        yield return Method(name + "Blocks", "int a", $"a++;{mark}\n{blocks}return a;");
        yield return Members(name + "InstanceFields", mark, count, i => $"public int F{i};");
        yield return Members(name + "StaticFields", mark, count, i => $"public static int F{i};");
        yield return Members(name + "StaticMethods", mark, count - 1, i => $"public static void M{i}() {{ }}");
        yield return Members(name + "VirtualMethods", mark, count, i => $"public virtual void M{i}() {{ }}");
        yield return Members(name + "InstanceMethods", mark, count - 1, i => $"public void M{i}() {{ }}");
    }

    /// <summary>The class also has a static method and a constructor.</summary>
    private static Probe Members(string name, string mark, int count, Func<int, string> member)
    {
        string members = string.Join('\n', Enumerable.Range(0, count).Select(member));
        return new Probe(name, $"namespace Probe {{ public class {name} {{ public static int Run() {{\nreturn 1;{mark}\n}}\n{members}\n}} }}\n");
    }

    private static Probe Method(string name, string parameters, string body)
    {
        string text = $"namespace Probe {{ public static class {name} {{ public static int Run({parameters}) {{\n{body}\n}} }} }}\n";
        return new Probe(name, text);
    }
}
