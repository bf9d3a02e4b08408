using System;

namespace Iot.Device.Ssd13xx.Commands
{
    public class ActivateScroll : ISharedCommand, ICommand
    {
        public byte Id => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class DeactivateScroll : ISharedCommand, ICommand
    {
        public byte Id => throw null;
        public byte[] GetBytes() => throw null;
    }

    public interface ICommand
    {
        byte Id { get; }
        byte[] GetBytes();
    }

    public interface ISharedCommand : ICommand
    {
    }

    public interface ISsd1306Command : ICommand
    {
    }

    public interface ISsd1327Command : ICommand
    {
    }

    public class SetContrastControlForBank0 : ISharedCommand, ICommand
    {
        public byte Id => throw null;
        public byte ContrastSetting => throw null;
        public SetContrastControlForBank0(byte contrastSetting = 127) => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetDisplayOff : ISharedCommand, ICommand
    {
        public byte Id => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetDisplayOn : ISharedCommand, ICommand
    {
        public byte Id => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetInverseDisplay : ISharedCommand, ICommand
    {
        public byte Id => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetMultiplexRatio : ISharedCommand, ICommand
    {
        public byte Id => throw null;
        public byte MultiplexRatio => throw null;
        public SetMultiplexRatio(byte multiplexRatio = 63) => throw null;
        public byte[] GetBytes() => throw null;
    }
}

namespace Iot.Device.Ssd13xx.Commands.Ssd1306Commands
{
    public class ContinuousVerticalAndHorizontalScrollSetup : ISsd1306Command, ICommand
    {
        public byte Id => throw null;
        public VerticalHorizontalScrollType ScrollType => throw null;
        public PageAddress StartPageAddress => throw null;
        public FrameFrequencyType FrameFrequencyType => throw null;
        public PageAddress EndPageAddress => throw null;
        public byte VerticalScrollingOffset => throw null;
        public ContinuousVerticalAndHorizontalScrollSetup(
            VerticalHorizontalScrollType scrollType, PageAddress startPageAddress, FrameFrequencyType frameFrequencyType,
            PageAddress endPageAddress, byte verticalScrollingOffset) => throw null;
        public byte[] GetBytes() => throw null;
        public enum VerticalHorizontalScrollType
        {
            Right = 41, Left,
        }
    }

    public class EntireDisplayOn : ISsd1306Command, ICommand
    {
        public byte Id => throw null;
        public bool EntireDisplay => throw null;
        public EntireDisplayOn(bool entireDisplay) => throw null;
        public byte[] GetBytes() => throw null;
    }

    public enum FrameFrequencyType
    {
        Frames2 = 7, Frames3 = 4, Frames4, Frames5 = 0, Frames25 = 6, Frames64 = 1, Frames128, Frames256,
    }

    public class HorizontalScrollSetup : ISsd1306Command, ICommand
    {
        public byte Id => throw null;
        public HorizontalScrollType ScrollType => throw null;
        public PageAddress StartPageAddress => throw null;
        public FrameFrequencyType FrameFrequencyType => throw null;
        public PageAddress EndPageAddress => throw null;
        public HorizontalScrollSetup(
            HorizontalScrollType scrollType, PageAddress startPageAddress, FrameFrequencyType frameFrequencyType,
            PageAddress endPageAddress) => throw null;
        public byte[] GetBytes() => throw null;
        public enum HorizontalScrollType
        {
            Right = 38, Left,
        }
    }

    public class NoOperation : ISsd1306Command, ICommand
    {
        public byte Id => throw null;
        public byte[] GetBytes() => throw null;
    }

    public enum PageAddress
    {
        Page0 = 176, Page1, Page2, Page3, Page4, Page5, Page6, Page7,
    }

    public class SetChargePump : ISsd1306Command, ICommand
    {
        public byte Id => throw null;
        public bool EnableChargePump => throw null;
        public SetChargePump(bool enableChargePump = false) => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetColumnAddress : ISsd1306Command, ICommand
    {
        public byte Id => throw null;
        public byte StartAddress { get => throw null; set => throw null; }
        public byte EndAddress { get => throw null; set => throw null; }
        public SetColumnAddress(byte startAddress = 0, byte endAddress = 127) => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetComOutputScanDirection : ISsd1306Command, ICommand
    {
        public byte Id => throw null;
        public bool NormalMode { get => throw null; set => throw null; }
        public SetComOutputScanDirection(bool normalMode = true) => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetComPinsHardwareConfiguration : ISsd1306Command, ICommand
    {
        public byte Id => throw null;
        public bool AlternativeComPinConfiguration => throw null;
        public bool EnableLeftRightRemap => throw null;
        public SetComPinsHardwareConfiguration(bool alternativeComPinConfiguration = true, bool enableLeftRightRemap = false) => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetDisplayClockDivideRatioOscillatorFrequency : ISsd1306Command, ICommand
    {
        public byte Id => throw null;
        public byte DisplayClockDivideRatio => throw null;
        public byte OscillatorFrequency => throw null;
        public SetDisplayClockDivideRatioOscillatorFrequency(byte displayClockDivideRatio = 0, byte oscillatorFrequency = 8) => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetDisplayOffset : ISsd1306Command, ICommand
    {
        public byte Id => throw null;
        public byte DisplayOffset => throw null;
        public SetDisplayOffset(byte displayOffset = 0) => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetDisplayStartLine : ISsd1306Command, ICommand
    {
        public byte Id => throw null;
        public byte DisplayStartLine => throw null;
        public SetDisplayStartLine(byte displayStartLine = 0) => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetHigherColumnStartAddressForPageAddressingMode : ISsd1306Command, ICommand
    {
        public byte Id => throw null;
        public byte HigherColumnStartAddress => throw null;
        public SetHigherColumnStartAddressForPageAddressingMode(byte higherColumnStartAddress = 0) => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetLowerColumnStartAddressForPageAddressingMode : ISsd1306Command, ICommand
    {
        public byte Id => throw null;
        public byte LowerColumnStartAddress => throw null;
        public SetLowerColumnStartAddressForPageAddressingMode(byte lowerColumnStartAddress = 0) => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetMemoryAddressingMode : ISsd1306Command, ICommand
    {
        public byte Id => throw null;
        public AddressingMode MemoryAddressingMode => throw null;
        public SetMemoryAddressingMode(AddressingMode memoryAddressingMode = AddressingMode.Page) => throw null;
        public byte[] GetBytes() => throw null;
        public enum AddressingMode
        {
            Horizontal, Vertical, Page,
        }
    }

    public class SetNormalDisplay : ISsd1306Command, ICommand
    {
        public byte Id => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetPageAddress : ISsd1306Command, ICommand
    {
        public byte Id => throw null;
        public PageAddress StartAddress { get => throw null; set => throw null; }
        public PageAddress EndAddress { get => throw null; set => throw null; }
        public SetPageAddress(PageAddress startAddress = PageAddress.Page0, PageAddress endAddress = PageAddress.Page7) => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetPageStartAddressForPageAddressingMode : ISsd1306Command, ICommand
    {
        public byte Id => throw null;
        public PageAddress StartAddress => throw null;
        public SetPageStartAddressForPageAddressingMode(PageAddress startAddress = PageAddress.Page0) => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetPreChargePeriod : ISsd1306Command, ICommand
    {
        public byte Id => throw null;
        public byte Phase1Period => throw null;
        public byte Phase2Period => throw null;
        public SetPreChargePeriod(byte phase1Period = 2, byte phase2Period = 2) => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetSegmentReMap : ISsd1306Command, ICommand
    {
        public byte Id => throw null;
        public bool ColumnAddress127 { get => throw null; set => throw null; }
        public SetSegmentReMap(bool columnAddress127 = false) => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetVcomhDeselectLevel : ISsd1306Command, ICommand
    {
        public byte Id => throw null;
        public DeselectLevel Level => throw null;
        public SetVcomhDeselectLevel(DeselectLevel level = DeselectLevel.Vcc0_77) => throw null;
        public byte[] GetBytes() => throw null;
        public enum DeselectLevel
        {
            Vcc0_65, Vcc0_77 = 32, Vcc0_83 = 48, Vcc1_00 = 64,
        }
    }

    public class SetVerticalScrollArea : ISsd1306Command, ICommand
    {
        public byte Id => throw null;
        public byte TopFixedAreaRows => throw null;
        public byte ScrollAreaRows => throw null;
        public SetVerticalScrollArea(byte topFixedAreaRows = 0, byte scrollAreaRows = 64) => throw null;
        public byte[] GetBytes() => throw null;
    }
}

namespace Iot.Device.Ssd13xx.Commands.Ssd1327Commands
{
    public class SelectDefaultLinearGrayScaleTable : ISsd1327Command, ICommand
    {
        public byte Id => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetColumnAddress : ISsd1327Command, ICommand
    {
        public byte Id => throw null;
        public byte StartAddress { get => throw null; set => throw null; }
        public byte EndAddress { get => throw null; set => throw null; }
        public SetColumnAddress(byte startAddress = 8, byte endAddress = 55) => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetComDeselectVoltageLevel : ISsd1327Command, ICommand
    {
        public byte Id => throw null;
        public byte Level => throw null;
        public SetComDeselectVoltageLevel(byte level = 5) => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetDisplayClockDivideRatioOscillatorFrequency : ISsd1327Command, ICommand
    {
        public byte Id => throw null;
        public byte DisplayClockDivideRatio => throw null;
        public byte OscillatorFrequency => throw null;
        public SetDisplayClockDivideRatioOscillatorFrequency(byte displayClockDivideRatio = 0, byte oscillatorFrequency = 0) => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetDisplayOffset : ISsd1327Command, ICommand
    {
        public byte Id => throw null;
        public byte DisplayOffset => throw null;
        public SetDisplayOffset(byte displayOffset = 0) => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetDisplayStartLine : ISsd1327Command, ICommand
    {
        public byte Id => throw null;
        public byte DisplayStartLine => throw null;
        public SetDisplayStartLine(byte displayStartLine = 0) => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetInternalVddRegulator : ISsd1327Command, ICommand
    {
        public byte Id => throw null;
        public byte UseInternalVdd => throw null;
        public SetInternalVddRegulator(bool enable) => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetNormalDisplay : ISsd1327Command, ICommand
    {
        public byte Id => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetPhaseLength : ISsd1327Command, ICommand
    {
        public byte Id => throw null;
        public byte Phase1Period => throw null;
        public byte Phase2Period => throw null;
        public byte PhasePeriod => throw null;
        public SetPhaseLength(byte phase1Period = 2, byte phase2Period = 2) => throw null;
        public SetPhaseLength(byte phasePeriod) => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetPreChargeVoltage : ISsd1327Command, ICommand
    {
        public byte Id => throw null;
        public byte Level => throw null;
        public SetPreChargeVoltage(byte level = 5) => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetReMap : ISsd1327Command, ICommand
    {
        public byte Id => throw null;
        public byte Config { get => throw null; set => throw null; }
        public SetReMap(
            bool columnAddressRemap = false, bool nibbleRemap = true, bool verticalMode = true, bool comRemap = false,
            bool comSplitOddEven = true) => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetRowAddress : ISsd1327Command, ICommand
    {
        public byte Id => throw null;
        public byte StartAddress { get => throw null; set => throw null; }
        public byte EndAddress { get => throw null; set => throw null; }
        public SetRowAddress(byte startAddress = 0, byte endAddress = 95) => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetSecondPreChargePeriod : ISsd1327Command, ICommand
    {
        public byte Id => throw null;
        public byte Period => throw null;
        public SetSecondPreChargePeriod(byte period = 4) => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetSecondPreChargeVsl : ISsd1327Command, ICommand
    {
        public byte Id => throw null;
        public byte Config => throw null;
        public SetSecondPreChargeVsl(bool secondPrecharge = false, bool externalVsl = false) => throw null;
        public byte[] GetBytes() => throw null;
    }

    public class SetUnlockDriver : ISsd1327Command, ICommand
    {
        public byte Id => throw null;
        public SetUnlockDriver(bool unlock) => throw null;
        public byte[] GetBytes() => throw null;
    }
}

namespace Iot.Device.Ssd13xx
{
    public enum DisplayOrientation
    {
        Portrait = 1, Landscape, Portrait180, Landscape180,
    }

    public abstract class IFont
    {
        public virtual byte Width => throw null;
        public virtual byte Height => throw null;
        public abstract byte[] this[char character] { get; }
    }

    public class Sh1106 : Ssd1306
    {
        public Sh1106(System.Device.I2c.I2cDevice i2cDevice, int resetPin = -1) => throw null;
        public Sh1106(
            System.Device.I2c.I2cDevice i2cDevice, Ssd13xx.DisplayResolution res,
            DisplayOrientation orientation = DisplayOrientation.Landscape, int resetPin = -1,
            System.Device.Gpio.GpioController gpio = null, bool shouldDispose = true) => throw null;
    }

    public class Ssd1306 : Ssd13xx
    {
        public const byte DefaultI2cAddress = 60;
        public const byte SecondaryI2cAddress = 61;
        public Ssd1306(System.Device.I2c.I2cDevice i2cDevice, int resetPin = -1) => throw null;
        public Ssd1306(
            System.Device.I2c.I2cDevice i2cDevice, Ssd13xx.DisplayResolution res,
            DisplayOrientation orientation = DisplayOrientation.Landscape, int resetPin = -1,
            System.Device.Gpio.GpioController gpio = null, bool shouldDispose = true) => throw null;
        public void SendCommand(Commands.ISsd1306Command command) => throw null;
        public override void SendCommand(Commands.ISharedCommand command) => throw null;
        protected override void Dispose(bool disposing) => throw null;
    }

    public class Ssd1327 : Ssd13xx
    {
        public Ssd1327(System.Device.I2c.I2cDevice i2cDevice) => throw null;
        public void SetColumnAddress(byte startAddress = 8, byte endAddress = 55) => throw null;
        public void SetRowAddress(byte startAddress = 0, byte endAddress = 95) => throw null;
        public void ClearDisplay() => throw null;
        public void SendCommand(byte command) => throw null;
        public void SendCommand(Commands.ISsd1327Command command) => throw null;
        public override void SendCommand(Commands.ISharedCommand command) => throw null;
        public void SendData(byte data) => throw null;
    }

    public abstract class Ssd13xx : IDisposable
    {
        protected System.Device.I2c.I2cDevice _i2cDevice { get => throw null; set => throw null; }
        public DisplayOrientation Orientation { get => throw null; set => throw null; }
        public int Width { get => throw null; set => throw null; }
        public int Height { get => throw null; set => throw null; }
        public byte Pages { get => throw null; set => throw null; }
        public IFont Font { get => throw null; set => throw null; }
        public Ssd13xx(
            System.Device.I2c.I2cDevice i2cDevice, DisplayResolution resolution = DisplayResolution.OLED128x64,
            DisplayOrientation orientation = DisplayOrientation.Landscape, int resetPin = -1,
            System.Device.Gpio.GpioController gpio = null, bool shouldDispose = true) => throw null;
        public abstract void SendCommand(Commands.ISharedCommand command);
        public virtual void SendData(SpanByte data) => throw null;
        protected SpanByte SliceGenericBuffer(int length) => throw null;
        protected SpanByte SliceGenericBuffer(int start, int length) => throw null;
        public void DrawDirectAligned(int x, int y, int width, int height, byte[] buffer) => throw null;
        public void ClearDirectAligned(int x, int y, int width, int height) => throw null;
        public void DrawPixel(int x, int y, bool inverted = true) => throw null;
        public void DrawHorizontalLine(int x0, int y0, int length, bool inverted = true) => throw null;
        public void DrawVerticalLine(int x0, int y0, int length, bool inverted = true) => throw null;
        public void DrawFilledRectangle(int x0, int y0, int width, int height, bool inverted = true) => throw null;
        public void DrawBitmap(int x, int y, int width, int height, byte[] bitmap, byte size = 1) => throw null;
        public void DrawString(int x, int y, string str, byte size = 1, bool center = false) => throw null;
        public void Write(int x, int y, string str, byte size = 1, bool center = false) => throw null;
        public void Display() => throw null;
        public void ClearScreen() => throw null;
        protected virtual void Dispose(bool disposing) => throw null;
        public void Dispose() => throw null;
        public enum DisplayResolution
        {
            OLED128x64, OLED128x32, OLED96x16, OLED64x128,
        }
    }
}

namespace System.Collections.Generic
{
    public class ListByte : IEnumerable
    {
        public byte this[int index] { get => throw null; set => throw null; }
        public int Count => throw null;
        public int Capacity { get => throw null; set => throw null; }
        public ListByte() => throw null;
        public ListByte(IEnumerable collection) => throw null;
        public ListByte(int capacity) => throw null;
        public void Add(byte item) => throw null;
        public void AddRange(IEnumerable collection) => throw null;
        public IEnumerator GetEnumerator() => throw null;
        public bool Contains(byte item) => throw null;
        public void CopyTo(byte[] array, int arrayIndex) => throw null;
        public void CopyTo(byte[] array) => throw null;
        public void CopyTo(int index, byte[] array, int arrayIndex, int count) => throw null;
        public ListByte GetRange(int index, int count) => throw null;
        public int IndexOf(byte item, int index, int count) => throw null;
        public int IndexOf(byte item, int index) => throw null;
        public int IndexOf(byte item) => throw null;
        public void Insert(int index, byte item) => throw null;
        public void InsertRange(int index, IEnumerable collection) => throw null;
        public int LastIndexOf(byte item) => throw null;
        public int LastIndexOf(byte item, int index) => throw null;
        public int LastIndexOf(byte item, int index, int count) => throw null;
        public bool Remove(byte item) => throw null;
        public void RemoveAt(int index) => throw null;
        public void RemoveRange(int index, int count) => throw null;
        public byte[] ToArray() => throw null;
        public struct Enumerator : IEnumerator, IDisposable
        {
            private readonly int _state;
            public byte Current => throw null;
            object IEnumerator.Current => throw null;
            public Enumerator(ListByte collection) => throw null;
            public void Dispose() => throw null;
            public bool MoveNext() => throw null;
            public void Reset() => throw null;
        }
    }
}
