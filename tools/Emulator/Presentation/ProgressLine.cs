namespace Carveout.Emulator.Presentation;

/// <summary>A line on standard error that says how far work has come; nothing where standard error is not a terminal.</summary>
internal sealed class ProgressLine(string what)
{
    /// <summary>Short work needs no progress.</summary>
    private const int QuietMilliseconds = 500;

    private readonly long _start = Environment.TickCount64;
    private int _percent = -1;

    /// <summary>Shows the share that is done, 0 to 1.</summary>
    public void Show(double share)
    {
        int percent = (int)(share * 100);
        if (percent != _percent && !Console.IsErrorRedirected && Environment.TickCount64 - _start >= QuietMilliseconds)
        {
            _percent = percent;
            Console.Error.Write($"\r{what}: {percent} %");
        }
    }

    /// <summary>Takes the line away.</summary>
    public void Clear()
    {
        if (_percent >= 0)
        {
            Console.Error.Write($"\r{new string(' ', what.Length + 8)}\r");
        }
    }
}
