using Carveout.Board;
using Carveout.Memory;

namespace Carveout.Diagnostics
{
    /// <summary>Writes the findings of hardening as text.</summary>
    public static class FindingText
    {
        /// <summary>One line for each finding, the oldest first: what was overwritten, whose it is, where it lies, and which bytes were
        /// found. The last line counts the findings. Lines end with \n.</summary>
        public static string ToText(FindingLog log, PageAllocator pages)
        {
            Misuse.Given(log, nameof(log));
            Misuse.Given(pages);
            string text = "";
            for (int i = 0; i < log.Count; i++)
            {
                text += Line(log, i, pages);
            }
            return text + log.Total.ToString() + " findings" + (log.Overwritten == 0
                ? ""
                : ", the oldest " + log.Overwritten.ToString() + " of them overwritten by later ones") + "\n";
        }

        private static string Line(FindingLog log, int index, PageAllocator pages)
        {
            bool poison = log.KindAt(index) == FindingKind.PoisonOverwritten;
            string what = log.CacheAt(index) != null ? "object " : poison ? "page " : "block ";
            string text = "#" + log.SequenceAt(index).ToString() + " " + (poison ? "poison" : "red zone") + " overwritten: " + what
                + HexText.Of(log.AddressAt(index)) + " (" + log.SizeAt(index).ToString() + " bytes, "
                + (log.CacheAt(index) == null ? "" : "cache '" + log.CacheAt(index) + "', ") + (poison ? "last owner '" : "owner '")
                + pages.OwnerName(log.OwnerAt(index)) + "'), offset " + log.OffsetAt(index).ToString() + ": expected "
                + Hex(log.ExpectedAt(index)) + ", found";
            ulong found = log.FoundAt(index);
            for (int i = 0; i < log.FoundBytesAt(index); i++)
            {
                text += " " + Hex((int)(found & 255));
                found >>= 8;
            }
            return text + "\n";
        }

        private static string Hex(int value) => HexText.Of((uint)value).Substring(8);
    }
}
