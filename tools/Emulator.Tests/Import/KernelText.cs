using System.Globalization;

namespace Carveout.Emulator.Tests.Import;

/// <summary>Lines as ftrace of kernel 6.x prints them.</summary>
internal static class KernelText
{
    public static string Line(string task, double seconds, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{task,24} [000] .....  {seconds:0.000000}: {what}\n");

    public static string Alloc(ulong frame, int order) =>
        $"mm_page_alloc: page=00000000{(uint)frame * 2654435761u:x8} pfn=0x{frame:x} order={order} migratetype=0 gfp_flags=GFP_KERNEL";

    public static string Free(ulong frame, int order) => $"mm_page_free: page=00000000{(uint)frame * 2654435761u:x8} pfn=0x{frame:x} order={order}";
}
