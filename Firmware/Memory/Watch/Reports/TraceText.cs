using Carveout.Board;
using Carveout.Memory;

namespace Carveout.Diagnostics
{
    /// <summary>Records of a <see cref="TraceRing"/> as lines that survive a serial console: docs/trace-format.md.</summary>
    /// <remarks>Each line has a mark by which it is found among other output, and a checksum behind it, by which a damaged one is told. Lines
    /// end without \n.</remarks>
    public static class TraceText
    {
        /// <summary>The version of the format.</summary>
        public const int Version = 1;

        /// <summary>What every line begins with.</summary>
        public const string Mark = "~ct ";

        /// <summary>What stands between the text that is summed up and its sum.</summary>
        public const char SumMark = '*';

        /// <summary>Of the checksum. Four bits times it have no carry, so that a multiplication is what the table of 16 would hold.</summary>
        private const int Polynomial = 0x1021;

        /// <summary>Where a dump stands: <c>h VERSION PAGE CAPACITY RECORDED LOST</c>.</summary>
        /// <param name="pageSize">Bytes of a page.</param>
        /// <param name="ring">The ring.</param>
        /// <param name="lost">Operations that the dump missed so far.</param>
        /// <returns>The line from its mark to its checksum, without an end.</returns>
        /// <exception cref="System.ArgumentNullException"><paramref name="ring"/> is null.</exception>
        public static string Header(int pageSize, TraceRing ring, long lost)
        {
            Misuse.Given(ring, nameof(ring));
            return Line("h " + Version.ToString() + " " + pageSize.ToString() + " " + ring.Capacity.ToString() + " " + ring.Recorded.ToString() + " "
                + lost.ToString());
        }

        /// <summary>The name behind an owner's number: <c>o NUMBER NAME</c>.</summary>
        /// <param name="owner">The number.</param>
        /// <param name="name">The name; what is no letter, digit, dot, minus or underscore of ASCII becomes an underscore,
        /// and so does no name at all.</param>
        /// <returns>The line from its mark to its checksum, without an end.</returns>
        /// <exception cref="System.ArgumentNullException"><paramref name="name"/> is null.</exception>
        public static string Owner(PageOwner owner, string name)
        {
            Misuse.Given(name, nameof(name));
            var letters = new char[name.Length];
            for (int i = 0; i < letters.Length; i++)
            {
                char letter = name[i];
                bool plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9')
                    || letter == '.' || letter == '-';
                letters[i] = plain ? letter : '_';
            }
            return Line("o " + ((int)owner).ToString() + " " + (name.Length == 0 ? "_" : new string(letters)));
        }

        /// <summary>An operation: <c>KIND SEQUENCE LOST TIME ADDRESS SIZE ALIGNMENT OWNER</c>.</summary>
        /// <param name="record">The operation.</param>
        /// <param name="lost">Operations that the dump missed before this one.</param>
        /// <returns>The line from its mark to its checksum, without an end.</returns>
        /// <exception cref="System.ArgumentNullException"><paramref name="record"/> is null.</exception>
        public static string Record(TraceRecord record, long lost)
        {
            Misuse.Given(record, nameof(record));
            return Line(Letter(record.Kind) + " " + record.Sequence.ToString() + " " + lost.ToString() + " " + record.Time.ToString() + " "
                + HexText.Of(record.Address).Substring(2) + " " + record.Size.ToString() + " " + record.Alignment.ToString() + " "
                + ((int)record.Owner).ToString());
        }

        /// <summary>CRC-16 of a text of ASCII: polynomial 0x1021, from 0xffff on, most significant bit first (CRC-16/IBM-3740; it finds every
        /// burst of 16 bits, and of longer ones all but one in 65,536).</summary>
        /// <param name="text">Characters of ASCII; of any other the lowest eight bits count.</param>
        /// <returns>0 to 0xffff.</returns>
        /// <exception cref="System.ArgumentNullException"><paramref name="text"/> is null.</exception>
        public static int Checksum(string text)
        {
            Misuse.Given(text, nameof(text));
            int sum = 0xffff;
            for (int i = 0; i < text.Length; i++)
            {
                int letter = text[i];
                sum = ((sum << 4) & 0xffff) ^ ((sum >> 12) ^ ((letter >> 4) & 15)) * Polynomial;
                sum = ((sum << 4) & 0xffff) ^ ((sum >> 12) ^ (letter & 15)) * Polynomial;
            }
            return sum;
        }

        private static string Letter(TraceKind kind)
        {
            switch (kind)
            {
                case TraceKind.Block: return "b";
                case TraceKind.Run: return "r";
                case TraceKind.Free: return "f";
                case TraceKind.Trim: return "t";
                case TraceKind.Failure: return "x";
                default: return "l";
            }
        }

        private static string Line(string text)
        {
            return Mark + text + SumMark.ToString() + HexText.Of((uint)Checksum(text)).Substring(6);
        }
    }
}
