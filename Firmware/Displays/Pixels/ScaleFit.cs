namespace Carveout.Video
{
    /// <summary>What becomes of a picture whose sides have another ratio than the display's. It is never distorted.</summary>
    public enum ScaleFit
    {
        /// <summary>The whole picture is shown, as large as it fits, with black bars at the sides or above and below.</summary>
        Letterbox,

        /// <summary>The whole display is filled. What does not fit of the picture is cut off, half on each side.</summary>
        Fill,
    }
}
