using Carveout.Board;
using Carveout.Memory;

namespace Carveout.Diagnostics
{
    /// <summary>What hardening found, in words.</summary>
    public static class FindingText
    {
        /// <summary>One line for each finding, the oldest first: what was overwritten, whose it is, where, and the bytes found. The last line
        /// counts them. Lines end with \n.</summary>
        /// <param name="log">The findings.</param>
        /// <param name="allocator">Where the owners are registered.</param>
        /// <returns>The lines.</returns>
        public static string ToText(FindingLog log, PageAllocator allocator)
        {
            string text = "";
            for (int i = 0; i < log.Count; i++)
            {
                text += Line(log, i, allocator);
            }
            return text + log.Total.ToString() + " findings" + (log.Overwritten == 0
                ? ""
                : ", the oldest " + log.Overwritten.ToString() + " of them overwritten by later ones") + "\n";
        }

        private static string Line(FindingLog log, int index, PageAllocator allocator)
        {
            bool poison = log.Kind(index) == FindingKind.PoisonOverwritten;
            string what = log.Cache(index) != null ? "object " : poison ? "page " : "block ";
            string text = "#" + log.Sequence(index).ToString() + " " + (poison ? "poison" : "red zone") + " overwritten: " + what
                + HexText.Of(log.Address(index)) + " (" + log.Size(index).ToString() + " bytes, "
                + (log.Cache(index) == null ? "" : "cache '" + log.Cache(index) + "', ") + (poison ? "last owner '" : "owner '")
                + allocator.OwnerName(log.Owner(index)) + "'), offset " + log.Offset(index).ToString() + ": expected "
                + Hex(log.Expected(index)) + ", found";
            ulong found = log.Found(index);
            for (int i = 0; i < log.FoundBytes(index); i++)
            {
                text += " " + Hex((int)(found & 255));
                found >>= 8;
            }
            return text + "\n";
        }

        private static string Hex(int value)
        {
            return HexText.Digits((uint)value).Substring(6);
        }
    }
}
