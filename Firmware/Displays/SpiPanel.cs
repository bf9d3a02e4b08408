using System;
using Carveout.Board;

namespace Carveout.Video.Displays
{
    /// <summary>An LCD with its own memory behind a serial bus, with the MIPI command set. It shows frames from physical memory.</summary>
    /// <remarks>
    /// <para>CASET and RASET set a window, RAMWR opens it, and then the pixels follow in transfers of the staging array's size. If the frame lies in
    /// an array (<see cref="PhysicalMemory.TryGetArray"/>) and the window has no gaps, pixels are sent from that array without a copy, as far as <see
    /// cref="DisplayBus.MaxOffset"/> allows. All others are copied to the staging array first; <see cref="BytesStaged"/> counts them.</para>
    /// <para>These displays take a pixel's high byte first, so RGB565X is sent as it lies in memory. RGB565 is sent unchanged only to a controller
    /// that can be set to it (ST7789). For others the bytes of each pixel are swapped in the staging array. This is the only loop over pixels, at
    /// about 20 IL instructions for each. Nothing is allocated after construction. Not synchronized: one thread drives a display.</para>
    /// </remarks>
    public abstract class SpiPanel : FrameDisplay
    {
        private const int PixelSize = 2, MinStaging = 4;

        private readonly DisplayBus _bus;
        private readonly PhysicalMemory _memory;
        private readonly byte[] _staging;
        private readonly byte[] _parameter = new byte[4];
        private readonly int _columnOffset, _rowOffset;
        private bool _initialized;

        /// <summary>Makes a driver for a panel that is still off.</summary>
        /// <param name="panel">Where the panel's pixels lie in the controller's memory, and how the panel hangs.</param>
        /// <param name="pixelFormat">The format of the frames: RGB565 or RGB565X.</param>
        /// <param name="stagingSize">Bytes of the staging array, a multiple of 4, to <see cref="DisplayBus.MaxTransfer"/>.</param>
        protected SpiPanel(string name, DisplayBus bus, PhysicalMemory memory, PanelGeometry panel, PixelFormat pixelFormat, int stagingSize)
        {
            if (bus == null)
            {
                throw new ArgumentNullException(nameof(bus));
            }
            if (memory == null)
            {
                throw new ArgumentNullException(nameof(memory));
            }
            if (panel == null)
            {
                throw new ArgumentNullException(nameof(panel));
            }
            if (pixelFormat != PixelFormat.RGB565 && pixelFormat != PixelFormat.RGB565X)
            {
                throw new ArgumentOutOfRangeException(nameof(pixelFormat), name + " shows no " + VideoFormat.NameOf(pixelFormat)
                    + ": expected RGB565 or RGB565X");
            }
            if (stagingSize < MinStaging || stagingSize > DisplayBus.MaxTransfer || stagingSize % MinStaging != 0)
            {
                throw new ArgumentOutOfRangeException(nameof(stagingSize), name + ": a staging array of " + stagingSize.ToString()
                    + " bytes, expected a multiple of 4, 4 to " + DisplayBus.MaxTransfer.ToString());
            }
            Name = name;
            Panel = panel;
            Format = new VideoFormat(panel.ShownWidth, panel.ShownHeight, pixelFormat);
            _bus = bus;
            _memory = memory;
            _columnOffset = panel.ShownColumn;
            _rowOffset = panel.ShownRow;
            _staging = new byte[stagingSize];
        }

        /// <summary>The controller's name.</summary>
        public string Name { get; }

        /// <summary>The place of the panel in the controller's memory, and how it hangs.</summary>
        public PanelGeometry Panel { get; }

        /// <summary>The format of a frame that fills it.</summary>
        public override VideoFormat Format { get; }

        /// <inheritdoc/>
        public override PhysicalMemory Memory { get { return _memory; } }

        /// <summary>How many transfers of pixels there have been.</summary>
        public long Transfers { get; private set; }

        /// <summary>How many bytes of pixels have been copied to the staging array before they were sent.</summary>
        public long BytesStaged { get; private set; }

        /// <summary>Resets the controller, sets it up and switches the display on. May be called again, also after a failure. The picture
        /// is undefined until the first frame.</summary>
        public void Initialize()
        {
            _initialized = false;
            _bus.Reset();
            SetUp();
            _initialized = true;
        }

        /// <summary>Shows a frame of <see cref="Format"/>.</summary>
        /// <param name="address">Its address.</param>
        /// <exception cref="InvalidOperationException">The display has not been initialized.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The address is 0, or the memory does not have the bytes.</exception>
        public override void Show(uint address) => ShowWindow(address, Format.BytesPerLine, 0, 0, Format.Width, Format.Height);

        /// <summary>Shows pixels in a part of the display.</summary>
        /// <param name="address">Address of the first pixel.</param>
        /// <param name="bytesPerLine">Bytes from one line of the pixels to the next, at least 2 * width, at most 16,384.</param>
        /// <param name="x">Left column of the window.</param>
        /// <param name="y">Upper line of the window.</param>
        /// <param name="width">Pixels in a line, at least 1.</param>
        /// <param name="height">Lines, at least 1.</param>
        /// <exception cref="InvalidOperationException">The display has not been initialized.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The window does not lie on the display, the address is 0 or lines overlap: nothing
        /// was sent. Or the memory does not have the bytes: a part of the window is drawn.</exception>
        public void ShowWindow(uint address, int bytesPerLine, int x, int y, int width, int height)
        {
            if (!_initialized)
            {
                throw new InvalidOperationException(Name + " has not been initialized: expected Initialize before the first frame");
            }
            if (x < 0 || y < 0 || width < 1 || height < 1 || x > Format.Width - width || y > Format.Height - height)
            {
                throw new ArgumentOutOfRangeException(nameof(width), Name + ": a window of " + width.ToString() + "x" + height.ToString()
                    + " at " + x.ToString() + "," + y.ToString() + " does not lie on a display of " + Format.Width.ToString() + "x"
                    + Format.Height.ToString());
            }
            if (address == 0)
            {
                throw new ArgumentOutOfRangeException(nameof(address), Name + ": 0 is no address of pixels");
            }
            if (bytesPerLine < PixelSize * width || bytesPerLine > VideoFormat.MaxBytesPerLine)
            {
                throw new ArgumentOutOfRangeException(nameof(bytesPerLine), Name + ": " + bytesPerLine.ToString() + " bytes a line, expected "
                    + (PixelSize * width).ToString() + " to " + VideoFormat.MaxBytesPerLine.ToString());
            }
            Range(MipiCommand.CASET, _columnOffset + x, width);
            Range(MipiCommand.RASET, _rowOffset + y, height);
            _bus.Command(MipiCommand.RAMWR);
            if (bytesPerLine == PixelSize * width)
            {
                SendRun(address, PixelSize * width * height);
            }
            else
            {
                Send(address, bytesPerLine, PixelSize * width, height);
            }
        }

        /// <summary>Sends the commands that set the controller up, from a fresh reset to a display that is on.</summary>
        protected abstract void SetUp();

        /// <summary>Whether the bytes of each pixel have to be swapped.</summary>
        protected abstract bool SwapsBytes { get; }

        /// <summary>Sends a command without parameters.</summary>
        /// <param name="command">Its code, from the controller's datasheet.</param>
        protected void Command(byte command) => _bus.Command(command);

        /// <summary>Sends a command with one parameter.</summary>
        /// <param name="command">Its code, from the controller's datasheet.</param>
        /// <param name="parameter">The lowest eight bits are sent.</param>
        protected void Command(byte command, int parameter)
        {
            _parameter[0] = (byte)parameter;
            _bus.Command(command);
            _bus.Data(_parameter, 0, 1);
        }

        /// <summary>Sends a command with two parameters.</summary>
        /// <param name="command">Its code, from the controller's datasheet.</param>
        /// <param name="first">The lowest eight bits are sent.</param>
        /// <param name="second">The lowest eight bits are sent next.</param>
        protected void Command(byte command, int first, int second)
        {
            _parameter[0] = (byte)first;
            _parameter[1] = (byte)second;
            _bus.Command(command);
            _bus.Data(_parameter, 0, 2);
        }

        /// <summary>Sends a command with any number of parameters.</summary>
        /// <param name="command">Its code, from the controller's datasheet.</param>
        /// <param name="parameters">All of them are sent; the array is not kept.</param>
        protected void Command(byte command, byte[] parameters)
        {
            _bus.Command(command);
            _bus.Data(parameters, 0, parameters.Length);
        }

        /// <summary>Waits.</summary>
        /// <param name="milliseconds">The least time; 0 returns at once.</param>
        protected void Delay(int milliseconds) => _bus.Delay(milliseconds);

        private void Range(byte command, int first, int count)
        {
            int last = first + count - 1;
            byte[] parameter = _parameter;
            parameter[0] = (byte)(first >> 8);
            parameter[1] = (byte)first;
            parameter[2] = (byte)(last >> 8);
            parameter[3] = (byte)last;
            _bus.Command(command);
            _bus.Data(parameter, 0, 4);
        }

        /// <summary>Sends pixels without gaps: from the array that they lie in as far as the bus allows it, the rest through the staging
        /// array.</summary>
        private void SendRun(uint pixels, int size)
        {
            int sent = 0;
            if (!SwapsBytes && _memory.TryGetArray(pixels, size, out byte[]? array, out int offset))
            {
                while (sent < size && offset + sent <= _bus.MaxOffset)
                {
                    int length = size - sent < _staging.Length ? size - sent : _staging.Length;
                    _bus.Data(array!, offset + sent, length);
                    Transfers++;
                    sent += length;
                }
            }
            // Without gaps the rest is one long line.
            Send(pixels + (uint)sent, 0, size - sent, 1);
        }

        /// <summary>Fills the staging array with as much as it holds, across the ends of lines, and sends it whenever it is full.</summary>
        private void Send(uint pixels, int bytesPerLine, int lineSize, int lines)
        {
            byte[] staging = _staging;
            int filled = 0;
            for (int line = 0; line < lines; line++)
            {
                uint at = pixels + (uint)(line * bytesPerLine);
                int left = lineSize;
                while (left > 0)
                {
                    int room = staging.Length - filled, length = left < room ? left : room;
                    _memory.Read(at, staging, filled, length);
                    at += (uint)length;
                    left -= length;
                    filled += length;
                    if (filled == staging.Length)
                    {
                        Flush(filled);
                        filled = 0;
                    }
                }
            }
            if (filled > 0)
            {
                Flush(filled);
            }
        }

        private void Flush(int length)
        {
            if (SwapsBytes)
            {
                byte[] staging = _staging;
                for (int i = 0; i < length; i += 2)
                {
                    byte low = staging[i];
                    staging[i] = staging[i + 1];
                    staging[i + 1] = low;
                }
            }
            _bus.Data(_staging, 0, length);
            Transfers++;
            BytesStaged += length;
        }
    }
}
