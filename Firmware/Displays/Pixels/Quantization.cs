namespace Carveout.Video
{
    /// <summary>The part of a byte's range that luma and chroma use, as in V4L2's enum v4l2_quantization.</summary>
    public enum Quantization
    {
        /// <summary>Black is 16, white 235, chroma 16 to 240: BT.601 as broadcast. Movies have it unless they say otherwise.</summary>
        LimitedRange,

        /// <summary>Black is 0, white 255, chroma 0 to 255 (JFIF): small sensors such as the OV2640 deliver it.</summary>
        FullRange,
    }
}
