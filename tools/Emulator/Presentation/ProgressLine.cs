namespace Carveout.Emulator.Presentation;

/// <summary>A line on standard error with the progress of the work; nothing if standard error is not a terminal.</summary>
internal sealed class ProgressLine(string what)
{
    /// <summary>Short work needs no progress.</summary>
    private const int QuietMilliseconds = 500;

    /// <summary>The least time between two updates.</summary>
    private const int MillisecondsBetween = 100;

    private readonly long _start = Environment.TickCount64;
    private int _percent = -1, _width;
    private long _shown;

    /// <summary>Shows the share that is done, 0 to 1.</summary>
    public void Show(double share)
    {
        int percent = (int)(share * 100);
        if (percent != _percent)
        {
            _percent = percent;
            Write($"{percent} %");
        }
    }

    /// <summary>Shows the progress of work whose end is not known. It may be called any number of times.</summary>
    public void Show(string state)
    {
        if (Environment.TickCount64 - _shown >= MillisecondsBetween)
        {
            Write(state);
        }
    }

    /// <summary>Removes the line.</summary>
    public void Clear()
    {
        if (_width > 0)
        {
            Console.Error.Write($"\r{new string(' ', _width)}\r");
        }
    }

    private void Write(string state)
    {
        if (!Console.IsErrorRedirected && Environment.TickCount64 - _start >= QuietMilliseconds)
        {
            string line = $"{what}: {state}";
            _width = Math.Max(_width, line.Length);
            _shown = Environment.TickCount64;
            Console.Error.Write("\r" + line.PadRight(_width));
        }
    }
}
