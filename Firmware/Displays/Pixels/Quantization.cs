namespace Carveout.Video
{
    /// <summary>Which part of a byte's range luma and chroma use, as V4L2's enum v4l2_quantization.</summary>
    public enum Quantization
    {
        /// <summary>Black is 16, white 235, chroma 16 to 240: BT.601 as broadcast, and what a movie has unless it says otherwise.</summary>
        LimitedRange,

        /// <summary>Black is 0, white 255, chroma 0 to 255 (JFIF): what small sensors such as the OV2640 deliver.</summary>
        FullRange,
    }
}
