using Carveout.Buses;
using Carveout.Video;
using Carveout.Video.Displays;
using Iot.Device.Ssd13xx;

namespace Carveout.Emulator.Tests.Buses;

/// <summary>An SSD1306 behind nanoFramework's binding gets the bytes that our own driver sends.</summary>
[TestClass]
public sealed class BoundSsd1306Tests
{
    private const uint Frame = 0x20000000;

    private readonly ManagedMemory _memory = new(Frame, 320 * 240 * 2);
    private readonly VideoFormat _format = new(320, 240, PixelFormat.RGB565);

    [TestMethod]
    [DataRow(64)]
    [DataRow(32)]
    public void The_binding_is_given_what_our_driver_sends(int height)
    {
        byte[] noise = new byte[320 * 240 * 2];
        new Random(7).NextBytes(noise);
        _memory.Write(Frame, noise, 0, noise.Length);
        var log = new List<string>();
        var own = new Carveout.Video.Displays.Ssd1306(new I2cDisplayBus(new System.Device.I2c.I2cDevice(log), null!, 128), _memory, height, _format,
            ScaleFit.Fill, 128);
        own.Initialize();
        log.Clear();
        own.Show(Frame);
        string sent = string.Concat(log.Where(line => line.StartsWith("40", StringComparison.Ordinal)).Select(line => line[2..]));

        var binding = new Ssd13xx(128, height);
        new BoundSsd1306(binding, _memory, _format, ScaleFit.Fill).Show(Frame);
        Assert.AreEqual(sent, Convert.ToHexString(binding.Shown!));
        Assert.HasCount(128 * height / 8, binding.Shown!);
    }

    [TestMethod]
    public void A_refused_frame_sends_nothing()
    {
        var binding = new Ssd13xx(128, 64);
        var oled = new BoundSsd1306(binding, _memory, _format, ScaleFit.Fill);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => oled.Show(0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => oled.Show(Frame + 320 * 240));
        Assert.IsNull(binding.Drawn);
    }

    [TestMethod]
    public void Refuses_panels_that_it_cannot_fill()
    {
        Assert.ThrowsExactly<ArgumentNullException>(() => new BoundSsd1306(null!, _memory, _format, ScaleFit.Fill));
        Assert.Contains("96 columns", Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => new BoundSsd1306(new Ssd13xx(96, 16), _memory, _format, ScaleFit.Fill)).Message);
        Assert.Contains("16 lines", Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => new BoundSsd1306(new Ssd13xx(128, 16), _memory, _format, ScaleFit.Fill)).Message);
    }
}
