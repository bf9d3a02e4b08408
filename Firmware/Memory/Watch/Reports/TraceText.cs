using Carveout.Board;
using Carveout.Memory;

namespace Carveout.Diagnostics
{
    /// <summary>Writes the records of a <see cref="TraceRing"/> as lines for a serial console; docs/trace-format.md has the format.</summary>
    /// <remarks>Each line begins with a mark, so that it can be found among other output, and ends with a checksum, so that damage is
    /// noticed. Lines end without \n.</remarks>
    public static class TraceText
    {
        /// <summary>The version of the format.</summary>
        public const int Version = 1;

        /// <summary>What every line begins with.</summary>
        public const string Mark = "~ct ";

        /// <summary>Stands between the text of a line and its checksum.</summary>
        public const char SumMark = '*';

        /// <summary>The polynomial of the checksum. Multiplying it by a four-bit number has no carry, so a multiplication serves instead of
        /// a table of 16.</summary>
        private const int Polynomial = 0x1021;

        /// <summary>The state of a dump: <c>h VERSION PAGE CAPACITY RECORDED LOST</c>.</summary>
        /// <param name="pageSize">Bytes of a page.</param>
        /// <param name="lost">How many operations the dump has missed so far.</param>
        /// <returns>The line from its mark to its checksum, without an end.</returns>
        public static string Header(int pageSize, TraceRing ring, long lost)
        {
            Misuse.Given(ring, nameof(ring));
            return Line("h " + Version.ToString() + " " + pageSize.ToString() + " " + ring.Capacity.ToString() + " " + ring.Recorded.ToString() + " "
                + lost.ToString());
        }

        /// <summary>The name behind an owner's number: <c>o NUMBER NAME</c>.</summary>
        /// <param name="name">The name. Every character but the letters, digits, dot, minus and underscore of ASCII becomes an underscore,
        /// and so does an empty name.</param>
        /// <returns>The line from its mark to its checksum, without an end.</returns>
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
        /// <param name="lost">How many operations the dump missed before this one.</param>
        /// <returns>The line from its mark to its checksum, without an end.</returns>
        public static string Record(TraceRecord record, long lost)
        {
            Misuse.Given(record, nameof(record));
            return Line(Letter(record.Kind) + " " + record.Sequence.ToString() + " " + lost.ToString() + " " + record.Time.ToString() + " "
                + HexText.Of(record.Address).Substring(2) + " " + record.Size.ToString() + " " + record.Alignment.ToString() + " "
                + ((int)record.Owner).ToString());
        }

        /// <summary>CRC-16 of an ASCII text: polynomial 0x1021, from 0xffff on, most significant bit first (CRC-16/IBM-3740). It finds
        /// every burst of 16 bits, and all but one in 65,536 of the longer ones.</summary>
        /// <param name="text">ASCII; only the lowest eight bits of other characters count.</param>
        /// <returns>0 to 0xffff.</returns>
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

        private static string Line(string text) => Mark + text + SumMark.ToString() + HexText.Of((uint)Checksum(text)).Substring(6);
    }
}
