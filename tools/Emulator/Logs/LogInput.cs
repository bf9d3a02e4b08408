using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;

namespace Carveout.Emulator.Logs;

/// <summary>Reads lines from a file, a device or standard input until it ends or the user ends it.</summary>
internal static class LogInput
{
    /// <summary>A longer line of a device's console is cut here: bytes without line breaks are not text.</summary>
    public const int LongestLine = 4096;

    private const int BlockSize = 65536, MostWaiting = 16;

    /// <summary>Reads the whole input.</summary>
    /// <param name="path">A file or device, unpacked if its name ends in .gz; <c>-</c> for standard input.</param>
    /// <param name="longestLine">The most bytes of a line; a longer one is cut.</param>
    /// <param name="line">Called for each line, without its line break, with one character for each byte. The flag says whether a line
    /// break followed; if not, the line may be cut.</param>
    /// <param name="cancel">Ends the reading; what was read by then is delivered.</param>
    /// <returns>The error that ended it early; null at the end of the input, or if the user ended it.</returns>
    /// <exception cref="UsageException">It cannot be opened.</exception>
    public static string? Read(string path, int longestLine, Action<string, bool> line, CancellationToken cancel) =>
        Read(path, () => Open(path), longestLine, line, cancel);

    /// <summary>Reads a stream in the same way.</summary>
    /// <param name="path">Its name as it was given.</param>
    /// <param name="open">Opens it.</param>
    /// <param name="longestLine">Bytes after which a line is taken to have ended.</param>
    /// <param name="line">Called for each line.</param>
    /// <param name="cancel">Ends the reading.</param>
    public static string? Read(string path, Func<Stream> open, int longestLine, Action<string, bool> line, CancellationToken cancel)
    {
        // Never disposed of, because a reader that is stuck may still use it.
        var blocks = new BlockingCollection<byte[]>(MostWaiting);
        Exception? failure = null;
        bool isOpen = false;
        // A read of a console or a serial port cannot be cancelled, and neither can opening a pipe without a writer. A thread that is stuck
        // there ends with the process.
        var reader = new Thread(() =>
        {
            try
            {
                using Stream stream = open();
                isOpen = true;
                Deliver(stream, blocks, cancel);
            }
            catch (Exception e) when (FileFault.Is(e))
            {
                failure = e;
            }
            catch (OperationCanceledException)
            {
                // The user ended the reading, so the reader ends, too.
            }
            blocks.CompleteAdding();
        })
        {
            IsBackground = true,
        };
        reader.Start();
        var text = new LineSplitter(longestLine, line);
        try
        {
            foreach (byte[] block in blocks.GetConsumingEnumerable(cancel))
            {
                text.Add(block);
            }
        }
        catch (OperationCanceledException)
        {
            while (blocks.TryTake(out byte[]? block))
            {
                text.Add(block);
            }
        }
        text.End();
        return failure is not null && !isOpen ? throw FileFault.Of(path, failure) : failure?.Message;
    }

    private static Stream Open(string path)
    {
        if (path == "-")
        {
            return Console.OpenStandardInput();
        }
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0);
        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    private static void Deliver(Stream stream, BlockingCollection<byte[]> blocks, CancellationToken cancel)
    {
        var buffer = new byte[BlockSize];
        for (int count = stream.Read(buffer); count > 0; count = stream.Read(buffer))
        {
            blocks.Add(buffer[..count], cancel);
        }
    }

    /// <summary>Splits blocks of bytes into lines, including empty ones; \r\n ends one line.</summary>
    private sealed class LineSplitter(int longest, Action<string, bool> line)
    {
        private readonly byte[] _text = new byte[longest];
        private int _length;
        private bool _wasReturn;

        public void Add(ReadOnlySpan<byte> block)
        {
            while (block.Length > 0)
            {
                int end = block.IndexOfAny((byte)'\n', (byte)'\r');
                ReadOnlySpan<byte> part = end < 0 ? block : block[..end];
                while (part.Length >= longest - _length)
                {
                    int fits = longest - _length;
                    Take(part[..fits]);
                    Say(false);
                    part = part[fits..];
                }
                Take(part);
                if (end < 0)
                {
                    return;
                }
                if (block[end] != '\n' || !_wasReturn || _length > 0)
                {
                    Say(true);
                }
                _wasReturn = block[end] == '\r';
                block = block[(end + 1)..];
            }
        }

        public void End()
        {
            if (_length > 0)
            {
                Say(false);
            }
        }

        private void Take(ReadOnlySpan<byte> part)
        {
            part.CopyTo(_text.AsSpan(_length));
            _length += part.Length;
        }

        private void Say(bool isWhole)
        {
            string text = Encoding.Latin1.GetString(_text, 0, _length);
            _length = 0;
            line(text, isWhole);
        }
    }
}
