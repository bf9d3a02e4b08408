using System;
using Carveout.Board;
using Carveout.Video;
using Carveout.Video.Displays;
using Iot.Device.Ssd13xx;

namespace Carveout.Buses
{
    /// <summary>Shows frames through nanoFramework's own binding, for applications that also draw texts and figures with it.</summary>
    /// <remarks>The binding sets up the display, keeps a copy of its memory and sends all of it, a kilobyte, with each frame. Without the
    /// binding, <see cref="Video.Displays.Ssd1306"/> over an <see cref="I2cDisplayBus"/> does the same and needs the memory of one page
    /// only. Not synchronized: one thread drives a display.</remarks>
    public sealed class BoundSsd1306 : FrameDisplay
    {
        private readonly Ssd13xx _display;
        private readonly Ssd1306Pages _pages;
        private readonly byte[] _image;

        /// <summary>Shows frames on a display that the binding has set up.</summary>
        /// <param name="display">A display with 128 columns and 64 or 32 lines, not rotated.</param>
        /// <param name="format">The format of the frames, RGB565 of any size.</param>
        /// <exception cref="ArgumentOutOfRangeException">The display or the format is none of these.</exception>
        public BoundSsd1306(Ssd13xx display, PhysicalMemory memory, VideoFormat format, ScaleFit fit)
        {
            if (display == null)
            {
                throw new ArgumentNullException(nameof(display));
            }
            if (display.Width != Ssd1306Pages.Width)
            {
                throw new ArgumentOutOfRangeException(nameof(display), "SSD1306 with " + display.Width.ToString() + " columns: expected "
                    + Ssd1306Pages.Width.ToString());
            }
            Memory = memory;
            _display = display;
            _pages = new Ssd1306Pages(memory, display.Height, format, fit);
            _image = new byte[_pages.Count * Ssd1306Pages.Width];
        }

        /// <summary>The format of the frames that it takes.</summary>
        public override VideoFormat Format { get { return _pages.Format; } }

        /// <inheritdoc/>
        public override PhysicalMemory Memory { get; }

        /// <summary>Shows a frame.</summary>
        /// <param name="address">Address of an image of <see cref="Format"/>.</param>
        /// <exception cref="ArgumentOutOfRangeException">The address is 0, or the memory does not have the bytes; nothing was sent.</exception>
        public override void Show(uint address)
        {
            for (int page = 0; page < _pages.Count; page++)
            {
                _pages.Render(address, page, _image, page * Ssd1306Pages.Width);
            }
            _display.DrawDirectAligned(0, 0, Ssd1306Pages.Width, _pages.Height, _image);
            _display.Display();
        }
    }
}
