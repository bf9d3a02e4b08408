using Carveout.Video;

namespace Carveout.App
{
    /// <summary>Stands for a display where there is none, and discards the frames.</summary>
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
