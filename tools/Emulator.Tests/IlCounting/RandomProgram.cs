using System.Text;

namespace Carveout.Emulator.Tests.IlCounting;

/// <summary>Writes the IL of methods from a seed: loops, branches, switches, handlers, throws, and calls of earlier methods.</summary>
/// <remarks>
/// Every method is <c>int M(int[8])</c>. Loops count down and calls go to earlier methods only, so each run ends; some operations
/// throw now and then (division by zero, an index outside), inside handlers and out.
/// </remarks>
sealed class RandomProgram(int seed)
{
    public const int ArrayLength = 8;
    const int Variables = 4;
    const int MostNesting = 4;

    static readonly string[] Operators = ["add", "add", "sub", "sub", "mul", "mul", "and", "and", "xor", "xor", "clt", "div"];

    readonly Random _random = new(seed);
    readonly StringBuilder _il = new();
    readonly List<string> _handlers = [];
    int _labels;
    int _method;
    int _protection;

    /// <summary>Locals that every method needs: the variables and a loop counter for each level of nesting.</summary>
    public static Type[] Locals => Enumerable.Repeat(typeof(int), Variables + MostNesting + 1).ToArray();

    public static string NameOf(int method) => "M" + method;

    /// <summary>The next method; its calls go to those written before.</summary>
    public string NextMethod()
    {
        _il.Clear();
        _handlers.Clear();
        _labels = 0;
        Statements(MostNesting, _random.Next(1, 5));
        Value(2);
        Emit("ret");
        foreach (string handler in _handlers)
            Emit(handler);
        _method++;
        return _il.ToString();
    }

    void Statements(int nesting, int count)
    {
        for (int i = 0; i < count; i++)
            Statement(nesting);
    }

    void Statement(int nesting)
    {
        switch (_random.Next(nesting > 0 ? 12 : 5))
        {
            case 0:
                Emit("nop");
                break;
            case 1 or 2:
                Value(3);
                Emit($"stloc {_random.Next(Variables)}");
                break;
            case 3:
                Value(2);
                Emit("stsfld shared");
                break;
            case 4:
                Emit("ldarg.0");
                Index();
                Value(2);
                Emit("stelem.i4");
                break;
            case 5:
                Conditional(nesting);
                break;
            case 6:
                Loop(nesting);
                break;
            case 7:
                Switch(nesting);
                break;
            case 8 or 9:
                TryCatch(nesting);
                break;
            case 10:
                TryFinally(nesting);
                break;
            default:
                EarlyEnd();
                break;
        }
    }

    void Conditional(int nesting)
    {
        string otherwise = NewLabel(), end = NewLabel();
        Value(2);
        if (_random.Next(2) == 0)
        {
            Emit($"brfalse {otherwise}");
        }
        else
        {
            Value(1);
            Emit($"blt {otherwise}");
        }
        Statements(nesting - 1, 2);
        Emit($"br {end}");
        Mark(otherwise);
        Statements(nesting - 1, 1);
        Mark(end);
    }

    void Loop(int nesting)
    {
        string body = NewLabel();
        int counter = Variables + nesting;
        Emit($"ldc.i4 {_random.Next(1, 5)}");
        Emit($"stloc {counter}");
        Mark(body);
        Statements(nesting - 1, 2);
        Emit($"ldloc {counter}");
        Emit("ldc.i4 1");
        Emit("sub");
        Emit("dup");
        Emit($"stloc {counter}");
        Emit($"brtrue {body}");
    }

    void Switch(int nesting)
    {
        string[] cases = [NewLabel(), NewLabel(), NewLabel()];
        string end = NewLabel();
        Value(2);
        Emit("ldc.i4 3");
        Emit("and");
        Emit($"switch {string.Join(", ", cases)}");
        foreach (string label in cases)
        {
            Statements(nesting - 1, 1);
            if (_random.Next(3) > 0)
                Emit($"br {end}");
            Mark(label);
        }
        Statements(nesting - 1, 1);
        Mark(end);
    }

    void TryCatch(int nesting)
    {
        string start = NewLabel(), caught = NewLabel(), end = NewLabel();
        Protected(start, nesting, end);
        Mark(caught);
        Emit("pop");
        _protection++;
        Statements(nesting - 1, 1);
        _protection--;
        Emit(_random.Next(5) == 0 ? "rethrow" : $"leave {end}");
        Mark(end);
        _handlers.Add($".catch {start} {caught} {end}");
    }

    void TryFinally(int nesting)
    {
        string start = NewLabel(), clean = NewLabel(), end = NewLabel();
        Protected(start, nesting, end);
        Mark(clean);
        _protection++;
        Statements(nesting - 1, 1);
        _protection--;
        Emit("endfinally");
        Mark(end);
        _handlers.Add($".finally {start} {clean} {end}");
    }

    void Protected(string start, int nesting, string end)
    {
        _protection++;
        Mark(start);
        Statements(nesting - 1, 2);
        if (_random.Next(2) == 0)
        {
            string further = NewLabel();
            Value(1);
            Emit($"brtrue {further}");
            Emit($"leave {end}");
            Mark(further);
            Statements(nesting - 1, 1);
        }
        Emit($"leave {end}");
        _protection--;
    }

    /// <summary>A throw or, where no handler would be left by it, a return; both behind a condition.</summary>
    void EarlyEnd()
    {
        string further = NewLabel();
        Value(2);
        Emit($"brtrue {further}");
        if (_protection == 0 && _random.Next(5) > 0)
        {
            Value(1);
            Emit("ret");
        }
        else
        {
            Emit("newobj exception");
            Emit("throw");
        }
        Mark(further);
    }

    /// <summary>Pushes one number.</summary>
    void Value(int depth)
    {
        switch (_random.Next(depth > 0 ? 8 : 4))
        {
            case 0:
                Emit($"ldc.i4 {_random.Next(-3, 10)}");
                break;
            case 1 or 2:
                Emit($"ldloc {_random.Next(Variables)}");
                break;
            case 3:
                Emit("ldsfld shared");
                break;
            case 4:
                Emit("ldarg.0");
                Index();
                Emit("ldelem.i4");
                break;
            case 5 when _method > 0:
                Emit("ldarg.0");
                Emit($"call {NameOf(_random.Next(_method))}");
                break;
            default:
                Value(depth - 1);
                Value(depth - 1);
                Emit(Operators[_random.Next(Operators.Length)]);
                break;
        }
    }

    void Index()
    {
        Value(1);
        Emit($"ldc.i4 {(_random.Next(25) == 0 ? 15 : ArrayLength - 1)}");
        Emit("and");
    }

    string NewLabel() => "L" + _labels++;

    /// <summary>A label stands on a nop, so that any number of them may follow each other.</summary>
    void Mark(string label) => Emit($"{label}: nop");

    void Emit(string line) => _il.Append(line).Append('\n');
}
