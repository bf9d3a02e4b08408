namespace Carveout.Video
{
    /// <summary>How a picture fits a display whose sides have another ratio. It is never distorted.</summary>
    public enum ScaleFit
    {
        /// <summary>The whole picture is shown, as large as possible, with black bars at two sides.</summary>
        Letterbox,

        /// <summary>The picture fills the whole display. The part that does not fit is cut off, half of it on each side.</summary>
        Fill,
    }
}
