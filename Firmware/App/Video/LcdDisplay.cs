using Carveout.Video.Displays;

namespace Carveout.App
{
    /// <summary>An LCD on SPI.</summary>
    internal sealed class LcdDisplay : SoftwareDisplay
    {
        private readonly SpiPanel _panel;

        internal LcdDisplay(Platform platform, SpiPanel panel)
            : base(panel.Name, platform, panel.Format)
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
