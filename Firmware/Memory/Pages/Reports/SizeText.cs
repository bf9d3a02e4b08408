namespace Carveout.Diagnostics
{
    /// <summary>Sizes as people read them, in units of 1024.</summary>
    public static class SizeText
    {
        /// <summary>A size in bytes as "512 B", "600 KB" or "11.2 MB"; the decimal is cut off, and left out where it is 0.</summary>
        /// <param name="bytes">0 or more.</param>
        /// <returns>The number and its unit, of 1024.</returns>
        public static string Of(long bytes)
        {
            if (bytes < 1024)
            {
                return bytes.ToString() + " B";
            }
            bool mega = bytes >= 1024 * 1024;
            long unit = mega ? 1024 * 1024 : 1024;
            long tenths = bytes % unit * 10 / unit;
            return (bytes / unit).ToString() + (tenths == 0 ? "" : "." + tenths.ToString()) + (mega ? " MB" : " KB");
        }
    }
}
