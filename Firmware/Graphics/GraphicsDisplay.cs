using System;
using Carveout.Board;
using Carveout.Video;
using Carveout.Video.Displays;
using nanoFramework.UI;

namespace Carveout.Graphics
{
    /// <summary>Shows frames through nanoFramework.Graphics, with the display driver in the firmware: on the ESP32 targets with a display,
    /// M5Stack's, STM32F429I-DISCO and STM32F769I-DISCO.</summary>
    /// <remarks>
    /// <para>DisplayControl.Write takes an array of numbers, so this class joins the two bytes of each pixel, at about 25 IL instructions a pixel.
    /// For a movie on SPI use a driver such as <see cref="SpiPanel"/> with RGB565X, which has no loop over pixels. A write has as many whole lines as
    /// the chunk holds, and costs the firmware a window and a transfer. Nothing is allocated after construction.</para>
    /// <para>The firmware takes red in the upper five bits, as in RGB565, although the documentation of DisplayControl says BGR565. If red and blue
    /// are exchanged on the screen, the orientation that was given to the driver lacks MADCTL's BGR bit, or has it without need.</para>
    /// <para>The firmware checks neither window nor array, so this class checks both. Not synchronized: one thread drives a display.</para>
    /// </remarks>
    public sealed class GraphicsDisplay : FrameDisplay
    {
        private const int PixelSize = 2;

        private readonly byte[] _line;
        private readonly ushort[] _pixels;
        private readonly int _linesPerWrite;

        /// <summary>Uses the screen as it is now, after DisplayControl.Initialize and ChangeOrientation.</summary>
        /// <param name="chunkSize">The most bytes of pixels in one write: from one line's bytes to <see cref="DisplayBus.MaxTransfer"/>.</param>
        /// <exception cref="InvalidOperationException">There is no screen, or it does not have 16 bits a pixel.</exception>
        public GraphicsDisplay(PhysicalMemory memory, int chunkSize)
        {
            if (memory == null)
            {
                throw new ArgumentNullException(nameof(memory));
            }
            int width = DisplayControl.ScreenWidth, height = DisplayControl.ScreenHeight;
            if (width < 1 || height < 1)
            {
                throw new InvalidOperationException("DisplayControl has no screen: expected DisplayControl.Initialize before");
            }
            if (DisplayControl.BitsPerPixel != 8 * PixelSize)
            {
                throw new InvalidOperationException("DisplayControl has a screen of " + DisplayControl.BitsPerPixel.ToString()
                    + " bits a pixel: expected 16");
            }
            Format = new VideoFormat(width, height, PixelFormat.RGB565);
            if (chunkSize < Format.LineSize || chunkSize > DisplayBus.MaxTransfer)
            {
                throw new ArgumentOutOfRangeException(nameof(chunkSize), chunkSize.ToString() + " bytes: expected "
                    + Format.LineSize.ToString() + ", a line, to " + DisplayBus.MaxTransfer.ToString());
            }
            Memory = memory;
            _line = new byte[Format.LineSize];
            _linesPerWrite = chunkSize / Format.LineSize;
            _pixels = new ushort[_linesPerWrite * width];
        }

        /// <summary>RGB565, in the screen's size.</summary>
        public override VideoFormat Format { get; }

        /// <inheritdoc/>
        public override PhysicalMemory Memory { get; }

        /// <summary>Shows a frame.</summary>
        /// <param name="address">Address of an image of <see cref="Format"/>.</param>
        /// <exception cref="InvalidOperationException">The screen was rotated since construction and has another size now; nothing was
        /// drawn.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The address is 0: nothing was drawn. Or the memory does not have the bytes: the
        /// upper part may be drawn.</exception>
        public override void Show(uint address)
        {
            int width = Format.Width, height = Format.Height;
            if (address == 0)
            {
                throw new ArgumentOutOfRangeException(nameof(address), "DisplayControl: 0 is no address of a frame");
            }
            if (DisplayControl.ScreenWidth != width || DisplayControl.ScreenHeight != height)
            {
                throw new InvalidOperationException("the screen is " + DisplayControl.ScreenWidth.ToString() + "x"
                    + DisplayControl.ScreenHeight.ToString() + " now: expected " + width.ToString() + "x" + height.ToString()
                    + ", as when this display was made");
            }
            for (int top = 0; top < height; top += _linesPerWrite)
            {
                int lines = height - top < _linesPerWrite ? height - top : _linesPerWrite;
                Collect(address + (uint)(top * Format.BytesPerLine), lines);
                DisplayControl.Write(0, (ushort)top, (ushort)width, (ushort)lines, _pixels);
            }
        }

        private void Collect(uint address, int lines)
        {
            byte[] line = _line;
            ushort[] pixels = _pixels;
            int to = 0, size = line.Length;
            for (int i = 0; i < lines; i++)
            {
                Memory.Read(address, line, 0, size);
                for (int at = 0; at < size; at += PixelSize)
                {
                    pixels[to++] = (ushort)(line[at] | line[at + 1] << 8);
                }
                address += (uint)Format.BytesPerLine;
            }
        }
    }
}
