using Carveout.Video.Displays;

namespace Carveout.App
{
    /// <summary>An OLED on I2C, to which frames are scaled and dithered.</summary>
    internal sealed class OledDisplay : SoftwareDisplay
    {
        private readonly Ssd1306 _panel;

        internal OledDisplay(Platform platform, Ssd1306 panel)
            : base("SSD1306", platform, panel.Format)
        {
            _panel = panel;
        }

        /// <inheritdoc/>
        protected override void Show(uint frame)
        {
            _panel.Show(frame);
        }
    }
}
