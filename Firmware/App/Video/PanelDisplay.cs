using Carveout.Video.Displays;

namespace Carveout.App
{
    /// <summary>A panel behind SPI or I2C.</summary>
    internal sealed class PanelDisplay : SoftwareDisplay
    {
        private readonly FrameDisplay _panel;

        internal PanelDisplay(string name, Platform platform, FrameDisplay panel)
            : base(name, platform, panel.Format)
        {
            _panel = panel;
        }

        /// <inheritdoc/>
        protected override void Show(uint frame) => _panel.Show(frame);
    }
}
