using System.Runtime.CompilerServices;

namespace Carveout.Emulator.Demo;

/// <summary>Prints calls as they are made: the code, the result or the refusal, and the lines of the /proc texts that changed.</summary>
/// <remarks>The compiler provides the code as text, so the printed code is the code that ran.</remarks>
/// <param name="output">Receives the text.</param>
/// <param name="texts">The /proc texts to watch; lines end with \n.</param>
internal sealed class Narrator(TextWriter output, params IReadOnlyList<Func<string>> texts)
{
    private const string Lambda = "() =>";

    private int _chapters;

    /// <summary>Begins a chapter.</summary>
    public void Chapter(string title, string why)
    {
        output.WriteLine($"{(_chapters == 0 ? "" : Environment.NewLine)}{++_chapters}. {title}");
        output.WriteLine(why);
    }

    /// <summary>Prints a line.</summary>
    public void Say(string line) => output.WriteLine($"   {line}");

    /// <summary>Prints a text, with each line indented.</summary>
    public void Show(string text)
    {
        foreach (string line in Lines(text))
        {
            output.WriteLine($"      {line.TrimEnd()}");
        }
    }

    /// <summary>Makes a call that returns something.</summary>
    /// <param name="call">A lambda with the call and nothing else.</param>
    /// <param name="name">The variable for the result, as later calls use it.</param>
    /// <param name="code">Filled in by the compiler.</param>
    public T Call<T>(Func<T> call, string? name = null, [CallerArgumentExpression(nameof(call))] string code = "")
    {
        T result = default!;
        Watch(name is null ? CodeOf(code) : $"{name} = {CodeOf(code)}", () => result = call(), () => ResultText(result));
        return result;
    }

    /// <summary>Makes a call that returns nothing.</summary>
    public void Call(Action call, [CallerArgumentExpression(nameof(call))] string code = "") => Watch(CodeOf(code), call, () => "");

    /// <summary>Makes a call that must be refused, and prints the refusal.</summary>
    /// <exception cref="InvalidOperationException">The call was not refused.</exception>
    public void Refused(Action call, [CallerArgumentExpression(nameof(call))] string code = "")
    {
        Watch(CodeOf(code), () => { }, () => $"  // refused: {RefusalOf(call) ?? throw new InvalidOperationException($"{code} was not refused")}");
    }

    private static string? RefusalOf(Action call)
    {
        try
        {
            call();
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            return DeviceMessage.Of(e);
        }
    }

    private void Watch(string code, Action call, Func<string> result)
    {
        string[][] before = [.. texts.Select(text => Lines(text()))];
        call();
        output.WriteLine($"   {code};{result()}");
        for (int i = 0; i < before.Length; i++)
        {
            string[] after = Lines(texts[i]());
            Print("-", before[i].Except(after));
            Print("+", after.Except(before[i]));
        }
    }

    private void Print(string mark, IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            output.WriteLine($"    {mark} {line.TrimEnd()}");
        }
    }

    private static string CodeOf(string expression)
    {
        string code = expression.StartsWith(Lambda, StringComparison.Ordinal) ? expression[Lambda.Length..] : expression;
        return string.Join(' ', code.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
    }

    private static string ResultText(object? result) => result switch
    {
        uint address => $"  // {(address == 0 ? "0: no memory" : HexText.Of(address))}",
        bool yes => $"  // {(yes ? "true" : "false")}",
        int or long or byte => $"  // {result}",
        _ => "",
    };

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
