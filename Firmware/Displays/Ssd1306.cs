using System;
using Carveout.Board;

namespace Carveout.Video.Displays
{
    /// <summary>Solomon Systech SSD1306: an OLED with 128x64 or 128x32 pixels that are on or off. It shows frames of RGB565, dithered.</summary>
    /// <remarks>
    /// <para>Commands follow the datasheet, Rev 1.1, and the set-up follows the flow chart of its application note. Commands and their parameters are
    /// sent as commands, and only pixels as data.</para>
    /// <para>A frame of another size is scaled to the panel. A frame takes at most a kilobyte on the bus, in pieces that the bus can take, because
    /// I2C drivers have small buffers. Nothing is allocated after construction. Not synchronized: one thread drives a display.</para>
    /// </remarks>
    public sealed class Ssd1306 : FrameDisplay
    {
        /// <summary>Columns of the panel.</summary>
        public const int Width = Ssd1306Pages.Width;

        private const byte SetContrast = 0x81, DisplayFollowsMemory = 0xA4, NormalDisplay = 0xA6, DisplayOff = 0xAE, DisplayOn = 0xAF;
        private const byte MemoryMode = 0x20, ColumnAddress = 0x21, PageAddress = 0x22, StartLine = 0x40, SegmentRemap = 0xA1;
        private const byte MultiplexRatio = 0xA8, ComScanDown = 0xC8, DisplayOffset = 0xD3, ComPins = 0xDA, ClockDivide = 0xD5;
        private const byte PreCharge = 0xD9, VcomhDeselect = 0xDB, ChargePump = 0x8D;

        private readonly DisplayBus _bus;
        private readonly Ssd1306Pages _pages;
        private readonly byte[] _page;
        private readonly int _chunkSize;
        private bool _initialized;

        /// <summary>Makes a driver for a panel that is still off.</summary>
        /// <param name="height">64 or 32: the lines of the panel.</param>
        /// <param name="format">The format of the frames, RGB565 of any size.</param>
        /// <param name="chunkSize">The most bytes of pixels in one transfer, 1 to 128.</param>
        public Ssd1306(DisplayBus bus, PhysicalMemory memory, int height, VideoFormat format, ScaleFit fit, int chunkSize)
        {
            if (bus == null)
            {
                throw new ArgumentNullException(nameof(bus));
            }
            _pages = new Ssd1306Pages(memory, height, format, fit);
            if (chunkSize < 1 || chunkSize > Width)
            {
                throw new ArgumentOutOfRangeException(nameof(chunkSize), chunkSize.ToString() + ": expected 1 to 128 bytes");
            }
            _bus = bus;
            _page = new byte[Width];
            _chunkSize = chunkSize;
        }

        /// <summary>The format of the frames that it takes.</summary>
        public override VideoFormat Format { get { return _pages.Format; } }

        /// <inheritdoc/>
        public override PhysicalMemory Memory { get { return _pages.Memory; } }

        /// <summary>Resets the controller, sets it up and switches the display on. May be called again, also after a failure.</summary>
        public void Initialize()
        {
            _initialized = false;
            _bus.Reset();
            _bus.Command(DisplayOff);
            Command(MultiplexRatio, _pages.Height - 1);
            Command(DisplayOffset, 0);
            _bus.Command(StartLine);
            _bus.Command(SegmentRemap);
            _bus.Command(ComScanDown);
            // Panels of 32 lines use the line drivers in order, those of 64 lines the odd ones first.
            Command(ComPins, _pages.Height == 64 ? 0x12 : 0x02);
            Command(SetContrast, 0x7F);
            _bus.Command(DisplayFollowsMemory);
            _bus.Command(NormalDisplay);
            Command(ClockDivide, 0x80);
            Command(PreCharge, 0xF1);
            Command(VcomhDeselect, 0x20);
            // The address runs through columns, then pages, so that a frame is one stream of bytes.
            Command(MemoryMode, 0x00);
            Command(ChargePump, 0x14);
            _bus.Command(DisplayOn);
            _initialized = true;
        }

        /// <summary>Shows a frame.</summary>
        /// <param name="address">Address of an image of <see cref="Format"/>.</param>
        /// <exception cref="InvalidOperationException">The display has not been initialized.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The address is 0: nothing was sent. Or the memory does not have the bytes: a part
        /// of the frame is shown, and the next frame begins at the first pixel again.</exception>
        public override void Show(uint address)
        {
            if (!_initialized)
            {
                throw new InvalidOperationException("SSD1306 has not been initialized: expected Initialize before the first frame");
            }
            if (address == 0)
            {
                throw new ArgumentOutOfRangeException(nameof(address), "SSD1306: 0 is no address of a frame");
            }
            Command(ColumnAddress, 0);
            _bus.Command(Width - 1);
            Command(PageAddress, 0);
            _bus.Command((byte)(_pages.Count - 1));
            for (int page = 0; page < _pages.Count; page++)
            {
                _pages.Render(address, page, _page, 0);
                SendPage();
            }
        }

        private void SendPage()
        {
            for (int at = 0; at < Width; at += _chunkSize)
            {
                _bus.Data(_page, at, Width - at < _chunkSize ? Width - at : _chunkSize);
            }
        }

        private void Command(byte command, int parameter)
        {
            _bus.Command(command);
            _bus.Command((byte)parameter);
        }
    }
}
