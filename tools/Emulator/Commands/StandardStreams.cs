using Microsoft.Win32.SafeHandles;

namespace Carveout.Emulator.Commands;

/// <summary>Standard output and standard error of a program in a pipe. If output cannot be written, that is an error, also if the reader
/// has gone. If standard error cannot be written, it is ignored, since nobody can be told.</summary>
internal static class StandardStreams
{
    private const int OutputDescriptor = 1;

    /// <summary>Replaces the console's own writers where there is no terminal behind them.</summary>
    public static void Use()
    {
        if (Console.IsOutputRedirected)
        {
            Console.SetOut(Writer(new OutputStream(PipeOf(OutputDescriptor) ?? Console.OpenStandardOutput()), Console.Out));
        }
        if (Console.IsErrorRedirected)
        {
            Console.SetError(Writer(new MutedStream(Console.OpenStandardError()), Console.Error));
        }
    }

    private static TextWriter Writer(Stream stream, TextWriter console) =>
        TextWriter.Synchronized(new StreamWriter(stream, console.Encoding) { AutoFlush = true });

    /// <summary>A pipe or socket as a file, because the console's own stream ignores that a reader has gone. Null for anything else: a
    /// file's position belongs to the descriptor, which others may share.</summary>
    private static FileStream? PipeOf(int descriptor)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }
        try
        {
            var file = new FileStream(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write, 0);
            return file.CanSeek ? null : file;
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            return null;
        }
    }

    private abstract class WriteStream : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
            // Bytes are written at once, so nothing waits here.
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }

    private sealed class OutputStream(Stream stream) : WriteStream
    {
        public override void Write(byte[] buffer, int offset, int count)
        {
            try
            {
                stream.Write(buffer, offset, count);
            }
            catch (UnauthorizedAccessException)
            {
                // The descriptor was closed when the program began, and the runtime now uses it for reading.
                throw new OutputException("it is closed");
            }
            catch (IOException e)
            {
                throw new OutputException(e.Message);
            }
        }
    }

    private sealed class MutedStream(Stream stream) : WriteStream
    {
        public override void Write(byte[] buffer, int offset, int count)
        {
            try
            {
                stream.Write(buffer, offset, count);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Nobody can be told; the exit code says it.
            }
        }
    }
}
