using System;

namespace Carveout.Video.Displays
{
    /// <summary>A display that is sent whole frames out of physical memory.</summary>
    public interface IFrameDisplay
    {
        /// <summary>The format of the frames that it takes.</summary>
        VideoFormat Format { get; }

        /// <summary>Shows a frame.</summary>
        /// <param name="frame">Address of an image of <see cref="Format"/>.</param>
        /// <exception cref="ArgumentOutOfRangeException">The address is 0, or the memory does not have the bytes.</exception>
        void Show(uint frame);
    }
}
