using System.Device.Gpio;
using System.Device.I2c;
using System.Device.Spi;
using Carveout.Buses;

namespace Carveout.Emulator.Tests.Buses;

/// <summary>The wires of displays: the device's own files, compiled against libraries that only record calls.</summary>
[TestClass]
public sealed class DisplayBusTests
{
    private readonly List<string> _log = [];

    [TestMethod]
    public void On_SPI_a_line_tells_commands_from_data_and_moves_only_between_them()
    {
        var bus = new SpiDisplayBus(new SpiDevice(_log), new GpioPin("dc", _log), null!);
        bus.Reset();
        bus.Command(0x2A);
        bus.Data([0x00, 0x10, 0x20], 0, 2);
        bus.Data([0x20, 0x30], 1, 1);
        bus.Command(0x2C);
        bus.Command(0x29);
        Assert.AreSequenceEqual(new[] { "dc=0", "2A", "dc=1", "0010", "30", "dc=0", "2C", "29" }, _log);
    }

    [TestMethod]
    public void Reset_is_a_pulse_of_low()
    {
        new SpiDisplayBus(new SpiDevice(_log), new GpioPin("dc", _log), new GpioPin("reset", _log)).Reset();
        new I2cDisplayBus(new I2cDevice(_log), new GpioPin("reset", _log), 16).Reset();
        new I2cDisplayBus(new I2cDevice(_log), null!, 16).Reset();
        Assert.AreSequenceEqual(new[] { "reset=0", "reset=1", "reset=0", "reset=1" }, _log);
    }

    [TestMethod]
    public void On_I2C_a_control_byte_goes_before()
    {
        var bus = new I2cDisplayBus(new I2cDevice(_log), null!, 3);
        bus.Command(0xAE);
        bus.Data([1, 2, 3], 0, 3);
        bus.Data([3, 4, 5], 1, 1);
        Assert.AreSequenceEqual(new[] { "00AE", "40010203", "4004" }, _log);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => bus.Data([1, 2, 3, 4], 0, 4));
        Assert.HasCount(3, _log);
    }

    [TestMethod]
    public void A_display_that_does_not_answer_is_named()
    {
        var device = new I2cDevice(_log) { Failure = new I2cTransferResult(1, I2cTransferStatus.SlaveAddressNotAcknowledged) };
        var bus = new I2cDisplayBus(device, null!, 16);
        Assert.AreEqual("the display at I2C address 60 took 1 of 2 bytes", Assert.ThrowsExactly<IOException>(() => bus.Command(0xAE)).Message);
        Assert.ThrowsExactly<IOException>(() => bus.Data([1], 0, 1));
    }

    [TestMethod]
    public void Refuses_wires_that_are_missing()
    {
        Assert.ThrowsExactly<ArgumentNullException>(() => new SpiDisplayBus(null!, new GpioPin("dc", _log), null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => new SpiDisplayBus(new SpiDevice(_log), null!, null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => new I2cDisplayBus(null!, null!, 16));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new I2cDisplayBus(new I2cDevice(_log), null!, 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new I2cDisplayBus(new I2cDevice(_log), null!, 1025));
    }
}
