using System.Collections.Concurrent;
using System.Text;

namespace Carveout.Emulator.Capture;

/// <summary>Reads lines from a file, a device or standard input until it ends or the user ends it.</summary>
internal static class CaptureInput
{
    /// <summary>Bytes after which a line is taken to have ended: what has no line breaks is not text.</summary>
    public const int LongestLine = 4096;

    private const int BlockSize = 4096, MostWaiting = 64;

    /// <summary>Reads everything there is.</summary>
    /// <param name="path">A file or device; <c>-</c> for standard input.</param>
    /// <param name="line">Called for each line, without its line break, a byte a character.</param>
    /// <param name="cancel">Ends the reading; what was read by then is delivered.</param>
    /// <returns>What ended it early, or null: the end of the input, or the user.</returns>
    /// <exception cref="UsageException">It cannot be opened.</exception>
    public static string? Read(string path, Action<string> line, CancellationToken cancel)
    {
        // Never disposed: a reader that is stuck may still hold it.
        var blocks = new BlockingCollection<byte[]>(MostWaiting);
        Exception? failure = null;
        bool isOpen = false;
        // A read of a console or a serial port cannot be called off, and neither can opening a pipe that nobody writes to: the thread that is
        // stuck there goes with the process.
        var reader = new Thread(() =>
        {
            try
            {
                using Stream stream = path == "-" ? Console.OpenStandardInput()
                    : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0);
                isOpen = true;
                Deliver(stream, blocks, cancel);
            }
            catch (Exception e) when (FileFault.Is(e))
            {
                failure = e;
            }
            catch (OperationCanceledException)
            {
                // The user has had enough; so has the reader.
            }
            blocks.CompleteAdding();
        })
        {
            IsBackground = true,
        };
        reader.Start();
        var text = new StringBuilder();
        try
        {
            foreach (byte[] block in blocks.GetConsumingEnumerable(cancel))
            {
                Split(block, text, line);
            }
        }
        catch (OperationCanceledException)
        {
            while (blocks.TryTake(out byte[]? block))
            {
                Split(block, text, line);
            }
        }
        if (text.Length > 0)
        {
            line(text.ToString());
        }
        return failure is not null && !isOpen ? throw FileFault.Of(path, failure) : failure?.Message;
    }

    private static void Deliver(Stream stream, BlockingCollection<byte[]> blocks, CancellationToken cancel)
    {
        var buffer = new byte[BlockSize];
        for (int count = stream.Read(buffer); count > 0; count = stream.Read(buffer))
        {
            blocks.Add(buffer[..count], cancel);
        }
    }

    private static void Split(byte[] block, StringBuilder text, Action<string> line)
    {
        foreach (byte value in block)
        {
            bool ends = value is (byte)'\n' or (byte)'\r';
            if (!ends)
            {
                text.Append((char)value);
            }
            if ((ends && text.Length > 0) || text.Length == LongestLine)
            {
                line(text.ToString());
                text.Clear();
            }
        }
    }
}
