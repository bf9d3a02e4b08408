using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Carveout.BareMetal.Tests;

/// <summary>The picture on a machine's display.</summary>
/// <param name="Width">Pixels of a line.</param>
/// <param name="Height">Lines.</param>
/// <param name="Rgb">Three bytes a pixel.</param>
/// <param name="Output">What the machine wrote before it was ready.</param>
internal sealed record Screen(int Width, int Height, byte[] Rgb, string Output)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    /// <summary>Runs a demonstration until it writes <c>ready</c>, asks QEMU for the picture by its machine protocol, and stops it.</summary>
    public static Screen Of(Firmware firmware, string argument)
    {
        string folder = Directory.CreateTempSubdirectory("screen").FullName;
        string socket = Path.Combine(folder, "qmp"), file = Path.Combine(folder, "screen.ppm");
        var start = new ProcessStartInfo("qemu-system-arm", $"{firmware.QemuArguments} -append {argument} -qmp unix:{socket},server=on,wait=off")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["QEMU_AUDIO_DRV"] = "none";
        using var process = Process.Start(start)!;
        try
        {
            Task<string> error = process.StandardError.ReadToEndAsync();
            Task<string> ready = ReadUntilReady(process);
            Assert.IsTrue(ready.Wait(s_limit), $"not ready within {s_limit}");
            Assert.Contains("ready", ready.Result, error.IsCompleted ? error.Result : "");
            Capture(socket, file);
            Assert.IsTrue(process.WaitForExit(s_limit), "QEMU does not stop");
            return Parse(File.ReadAllBytes(file), ready.Result);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> ReadUntilReady(Process process)
    {
        var text = new StringBuilder();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            text.Append(line).Append('\n');
            if (line == "ready")
            {
                break;
            }
        }
        return text.ToString();
    }

    private static void Capture(string socket, string file)
    {
        using var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        connection.Connect(new UnixDomainSocketEndPoint(socket));
        using var stream = new NetworkStream(connection);
        using var reader = new StreamReader(stream);
        Assert.Contains("QMP", reader.ReadLine()!);
        Ask(stream, reader, new { execute = "qmp_capabilities" });
        Ask(stream, reader, new { execute = "screendump", arguments = new { filename = file } });
        Ask(stream, reader, new { execute = "quit" });
    }

    private static void Ask(Stream stream, StreamReader reader, object command)
    {
        stream.Write(JsonSerializer.SerializeToUtf8Bytes(command));
        while (reader.ReadLine() is { } line)
        {
            using JsonDocument answer = JsonDocument.Parse(line);
            if (answer.RootElement.TryGetProperty("return", out _))
            {
                return;
            }
            // Any other line is an event.
            Assert.IsFalse(answer.RootElement.TryGetProperty("error", out _), line);
        }
        Assert.Fail($"QEMU did not answer {command}");
    }

    /// <summary>Reads a binary portable pixmap: P6, width, height and 255, separated by white space, then the pixels.</summary>
    private static Screen Parse(byte[] file, string output)
    {
        string[] header = Encoding.ASCII.GetString(file.AsSpan(0, Math.Min(file.Length, 64))).Split([' ', '\n'], 5);
        Assert.AreEqual("P6", header[0]);
        int width = int.Parse(header[1]), height = int.Parse(header[2]);
        Assert.AreEqual("255", header[3]);
        return new Screen(width, height, file[^(width * height * 3)..], output);
    }
}
