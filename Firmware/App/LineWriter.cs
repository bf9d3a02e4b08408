namespace Carveout.App
{
    /// <summary>Writes texts of several lines line by line, as terminals and <c>carveout capture</c> need them.</summary>
    internal sealed class LineWriter
    {
        private readonly Platform _platform;

        internal LineWriter(Platform platform) => _platform = platform;

        /// <summary>Writes a text. A line break at its end does not make an empty line.</summary>
        internal void Write(string text)
        {
            int start = 0;
            while (start < text.Length)
            {
                int end = text.IndexOf('\n', start);
                if (end < 0)
                {
                    end = text.Length;
                }
                _platform.WriteLine(text.Substring(start, end - start));
                start = end + 1;
            }
        }
    }
}
