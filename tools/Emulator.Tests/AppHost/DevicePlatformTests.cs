using System.Device.Gpio;
using System.Device.Spi;
using Carveout.App;
using Carveout.Board.Boards;
using Carveout.Video.Displays;

namespace Carveout.Emulator.Tests.AppHost;

/// <summary>The application's device code for an ESP32-CAM, compiled against libraries that only record calls.</summary>
[TestClass]
[DoNotParallelize]
public sealed class DevicePlatformTests
{
    [TestInitialize]
    public void Forget()
    {
        GpioController.Opened.Clear();
        GpioController.Log.Clear();
    }

    [TestMethod]
    public void A_press_of_the_button_is_one_dump()
    {
        var platform = new LocalPlatform();
        platform.OpenButton(BoardSetup.Of(Esp32Cam.Name));
        (GpioPin button, PinMode mode) = GpioController.Opened[0];
        Assert.AreEqual(PinMode.InputPullUp, mode);
        Assert.AreEqual(TimeSpan.FromMilliseconds(50), button.DebounceTimeout);
        Assert.IsFalse(platform.TakeDumpRequest());
        button.Change(PinEventTypes.Falling);
        button.Change(PinEventTypes.Rising);
        Assert.IsTrue(platform.TakeDumpRequest());
        Assert.IsFalse(platform.TakeDumpRequest());
    }

    [TestMethod]
    public void A_button_that_is_high_when_pressed_is_not_pulled_up()
    {
        var platform = new LocalPlatform();
        platform.OpenButton(BoardSetup.Of(Stm32H743.Name));
        (GpioPin button, PinMode mode) = GpioController.Opened[45];
        Assert.AreEqual(PinMode.Input, mode);
        button.Change(PinEventTypes.Falling);
        Assert.IsFalse(platform.TakeDumpRequest());
        button.Change(PinEventTypes.Rising);
        Assert.IsTrue(platform.TakeDumpRequest());
    }

    [TestMethod]
    public void A_board_without_a_button_opens_no_pin()
    {
        new LocalPlatform().OpenButton(BoardSetup.Of(Imx31Reference.Name));
        Assert.IsEmpty(GpioController.Opened);
    }

    [TestMethod]
    public void An_lcd_gets_its_pins_and_its_bus()
    {
        DisplayBus bus = new LocalPlatform().OpenDisplay(BoardSetup.Of(Esp32Cam.Name).Display)!;
        bus.Command(0x29);
        // SPI1's clock is on pin 14 and its data on 13; D/C is pin 2, low before the command.
        Assert.AreSequenceEqual(new[] { "14 65794", "13 65792", "2=0", "29" }, GpioController.Log);
        Assert.AreEqual(PinMode.Output, GpioController.Opened[2].Mode);
        SpiConnectionSettings settings = SpiDevice.Settings!;
        Assert.AreEqual((1, 15, 40_000_000), (settings.BusId, settings.ChipSelectLine, settings.ClockFrequency));
    }

    [TestMethod]
    public void An_oled_gets_its_pins_and_its_address()
    {
        DisplayBus bus = new LocalPlatform().OpenDisplay(BoardSetup.Of(Esp32S3.Name).Display)!;
        bus.Command(0xAF);
        Assert.AreSequenceEqual(new[] { "9 131329", "8 131328", "00AF" }, GpioController.Log);
    }

    [TestMethod]
    public void It_says_what_the_runtime_and_the_chip_have()
    {
        var platform = new LocalPlatform();
        Assert.AreEqual(654321, platform.FreeManagedBytes);
        Assert.AreEqual("internal 300000 bytes, 120000 free, largest 65536; SPIRAM 4192139 bytes, 260000 free, largest 245760",
            platform.NativeMemory);
        Assert.AreEqual(Esp32Cam.Name, platform.Board);
        Assert.IsNull(platform.OpenNativeRegion());
    }

    [TestMethod]
    public void Its_clock_goes_on_while_it_sleeps()
    {
        var platform = new LocalPlatform();
        long until = platform.Now + 30_000;
        platform.SleepUntil(until);
        Assert.IsGreaterThanOrEqualTo(until, platform.Now);
        platform.SleepUntil(0);
    }

    /// <summary>A pin's number on STM32 is 16 * port + pin.</summary>
    [TestMethod]
    [DataRow(Stm32F429Disco.Name, 0, true)]
    [DataRow(Stm32F746.Name, 45, true)]
    [DataRow(Esp32S3.Name, 0, false)]
    [DataRow(Imx31Reference.Name, -1, false)]
    public void Buttons_are_where_the_boards_have_them(string board, int pin, bool pressedIsHigh)
    {
        BoardSetup setup = BoardSetup.Of(board);
        Assert.AreEqual((pin, pressedIsHigh), (setup.ButtonPin, setup.PressedIsHigh));
        DisplayWiring lcd = BoardSetup.Of(Stm32F429Disco.Name).Display;
        Assert.AreEqual((5, 34, 61), (lcd.Bus, lcd.ChipSelectPin, lcd.DataCommandPin));
    }
}
