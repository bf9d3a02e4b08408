using Carveout.Video;

namespace Carveout.App
{
    /// <summary>No display: frames come this far.</summary>
    internal sealed class HeadlessDisplay : SoftwareDisplay
    {
        internal HeadlessDisplay(Platform platform, VideoFormat format)
            : base("headless", platform, format)
        {
        }

        /// <inheritdoc/>
        protected override void Show(uint frame)
        {
        }
    }
}
