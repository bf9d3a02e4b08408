using System.Text;
using Carveout.Emulator.Diagnosis;

namespace Carveout.Emulator.Tests.Diagnosis;

/// <summary>The dumps of these tests, one or several in a file, each in the form of the code that prints it; the readers name that
/// code.</summary>
internal static class DumpFiles
{
    /// <summary>The file, and an expert's verdict.</summary>
    public static readonly (string File, Cause Cause, string Says)[] All =
    [
        ("allocinfo-6.10.txt", Cause.CannotTell, "alloc_pages_noprof (mm/page_alloc.c:4500) 12 MB, cam_queue (drivers/media/cam.c:123) 512 KB"),
        ("buddyinfo-2.6.24-arm.txt", Cause.CannotTell, "DMA 3166208 bytes free, largest 524288; Normal 17997824 bytes free, largest 262144"),
        ("buddyinfo-4.19-x86.txt", Cause.CannotTell, "DMA32 108843008 bytes free, largest 1048576"),
        ("buddyinfo-6.6-arm64-13-orders.txt", Cause.CannotTell, "DMA 44646400 bytes free, largest 16777216"),
        ("buddyinfo-series-3.10.txt", Cause.Fragmented, "blocks of 128 KB to 4 MB go first"),
        ("carveout.txt", Cause.Fragmented, "DMA: fragmented: 42.7 MB free, largest 512 KB, wanted 600 KB"),
        ("cma-3.18.txt", Cause.CannotTell, "no piece of 7.9 MB (2040 pages)"),
        ("cma-4.19-ranges.txt", Cause.Fragmented, "4 MB (1024 pages) wanted, 5.5 MB free of 64 MB, largest 3.5 MB"),
        ("cma-5.10-busy.txt", Cause.Pinned, "2 MB (512 pages) wanted"),
        ("cma-6.1-short.txt", Cause.ShortOfMemory, "7.9 MB (2025 pages) wanted, 200 KB free of 64 MB, largest 120 KB"),
        ("cma-alignment.txt", Cause.Alignment, "300 pages are free in one piece, and at most 54 of them"),
        ("cma-debugfs.txt", Cause.CannotTell, "cma-reserved 393216 bytes free, largest 245760"),
        ("esp-abort-5.1.txt", Cause.ShortOfMemory, "76800 bytes (DMA|INTERNAL): 61200 free, largest 31744"),
        ("esp-align-5.3.txt", Cause.Alignment, "alignment, not shortage"),
        ("esp-boot-4.4-psram-missing.txt", Cause.PsramMissing, "none of the heaps that were made lies in it"),
        ("esp-boot-5.1-psram.txt", Cause.WrongZone, "the 7340032 bytes that are free count PSRAM"),
        ("esp-dump-3.3.txt", Cause.CannotTell, "2048 bytes free, largest 2048"),
        ("esp-dump-4.4.txt", Cause.CannotTell, "3072 bytes free, largest 2048"),
        ("esp-dump-5.2-corrupt.txt", Cause.Corrupt, "Expected 0xabba1234"),
        ("esp-free-series.txt", Cause.Fragmented, "the largest free block falls from 101000 to 29000 bytes while free memory stays"),
        ("esp-summary-3.1.txt", Cause.Fragmented, "36864 bytes (8BIT): 73488 free in 4 heaps, largest 32768"),
        ("esp-summary-4.4-psram.txt", Cause.WrongZone, "40000 free, largest 22528, and 3900000 bytes are free where such a request may not go (PSRAM)"),
        ("esp-tasks.txt", Cause.CannotTell, "wifi 30.5 KB, main 10.5 KB"),
        ("failure-2.6.24-arm-order5.txt", Cause.Fragmented, "order 5, 128 KB, mode 0xd1, by mplayer: DMA is fragmented: 5.1 MB free, largest 32 KB"),
        ("failure-3.10-highmem.txt", Cause.Fragmented, "Normal is fragmented: 40.2 MB free, largest 128 KB, wanted 256 KB"),
        ("failure-4.14-dma-zone.txt", Cause.WrongZone, "DMA is used up (60 KB free, largest 8 KB, wanted 32 KB), while Normal has 172.5 MB free"),
        ("failure-4.19-cma.txt", Cause.WrongZone, "all of them are CMA's or set aside (67.4 MB free, largest 64 KB, wanted 512 KB)"),
        ("failure-5.15-64k-pages.txt", Cause.Fragmented, "order 5, 2 MB, GFP_KERNEL, by modprobe: Normal is fragmented: 4.8 MB free, largest 1 MB"),
        ("failure-5.4-highatomic.txt", Cause.HeldBack, "2.9 MB free, largest 16 KB, wanted 4 KB; 3 MB kept by the watermark"),
        ("failure-6.6-order4-atomic.txt", Cause.Fragmented, "DMA32 is fragmented: 21 MB free, largest 32 KB, wanted 64 KB"),
        ("failure-too-large.txt", Cause.TooLarge, "11 orders, 4 MB at most"),
        ("freertos-10.3.txt", Cause.CannotTell, "21344 bytes free, largest 6016, never less than 9000"),
        ("freertos-hex.txt", Cause.CannotTell, "21344 bytes free, largest 6016, never less than 9000"),
        ("freertos-series.txt", Cause.Fragmented, "the largest free block falls from 24000 to 6500 bytes while free memory stays"),
        ("kmemleak.txt", Cause.CannotTell, "cam_open (insmod) 12 KB"),
        ("lvgl.txt", Cause.Fragmented, "the largest free block falls from 28000 to 10500 bytes"),
        ("meminfo-2.6.36.txt", Cause.CannotTell, "system 47087616 bytes free"),
        ("meminfo-series-4.9.txt", Cause.Leak, "falls by 8.7 MB from dump to dump"),
        ("micropython.txt", Cause.CannotTell, "48016 bytes free, largest 10240"),
        ("nanoframework-garbage.txt", Cause.NothingFailed, "what is taken comes back"),
        ("nanoframework-oom.txt", Cause.ShortOfMemory, "153612 bytes wanted, 12000 free after a collection"),
        ("native-series.txt", Cause.Leak, "falls by 2.2 KB from dump to dump"),
        ("netmf-4.1-strings.txt", Cause.Leak, "falls by 2.3 KB from dump to dump"),
        ("oom-2.6.32.txt", Cause.ShortOfMemory, "Normal has too little: 7.2 MB free"),
        ("oom-5.10.txt", Cause.ShortOfMemory, "DMA has too little: 17.6 MB free"),
        ("oom-6.1-cgroup.txt", Cause.ShortOfMemory, "a control group has reached its limit"),
        ("page_owner-4.4.txt", Cause.CannotTell, "cam_frame_alloc 32 KB, do_fork 4 KB"),
        ("page_owner-5.15.txt", Cause.CannotTell, "__page_frag_cache_refill (netd) 12 KB"),
        ("page_owner_sort-6.6.txt", Cause.CannotTell, "vb2_dma_contig_alloc (camd) 384 KB, pte_alloc_one (init) 12 KB"),
        ("pagetypeinfo-2.6.35.txt", Cause.CannotTell, "Normal 17895424 bytes free, largest 4194304"),
        ("pagetypeinfo-4.9-cma.txt", Cause.CannotTell, "DMA 28311552 bytes free, largest 4194304"),
        ("pagetypeinfo-6.1.txt", Cause.CannotTell, "DMA32 437833728 bytes free, largest 32768"),
        ("posted-app.txt", Cause.Fragmented, "the largest free block falls from 110580 to 61428 bytes while free memory stays"),
        ("posted-esp-75k.txt", Cause.WrongZone, "40 bytes (8BIT|INTERNAL|DEFAULT): 20 free, largest 16, and 67356 bytes are free where such a request may not go"),
        ("posted-highmem-oom.txt", Cause.WrongZone, "Normal is used up (3.2 MB free, largest 32 KB, wanted 4 KB), while HighMem has 2846.6 MB free"),
        ("posted-markdown.txt", Cause.Fragmented, "DMA32 is fragmented: 15.2 MB free, largest 8 KB, wanted 256 KB"),
        ("posted-oom-cma.txt", Cause.WrongZone, "405.8 MB free, largest 128 KB, wanted 16 KB; 401 MB of it is CMA's or set aside"),
        ("posted-own-hook.txt", Cause.Fragmented, "20000 bytes (8BIT|INTERNAL): 98304 free, largest 14336"),
        ("posted-slub.txt", Cause.CannotTell, "order 2, 16 KB, mode 0x204020, by kworker/0:1 was refused"),
        ("posted-token.txt", Cause.Fragmented, "Normal is fragmented: 15.2 MB free, largest 8 KB, wanted 64 KB"),
        ("posted-two-cpus.txt", Cause.Fragmented, "order 3, 32 KB, GFP_ATOMIC, by a: Normal is fragmented: 1.9 MB free, largest 16 KB"),
        ("posted-utf16.txt", Cause.Fragmented, "order 3, 32 KB, GFP_ATOMIC, by a: Normal is fragmented: 1.9 MB free, largest 16 KB"),
        ("posted-wrap.txt", Cause.CannotTell, "DMA 16289792 bytes free, largest 4194304; Normal 131641344 bytes free, largest 262144"),
        ("posted-wrapped-nodes.txt", Cause.ShortOfMemory, "Normal has too little: 21.4 MB free"),
        ("slabinfo-2.6.32.txt", Cause.CannotTell, "size-4096 3.5 MB, ext3_inode_cache 2.5 MB, size-64 400 KB"),
        ("slabinfo-4.9-twice.txt", Cause.Leak, "kmalloc-4096 grows by 28.1 MB from dump to dump"),
        ("slabtop-5.10.txt", Cause.CannotTell, "inode_cache 17.9 MB, kernfs_node_cache 4.9 MB"),
        ("swiotlb-4.4.txt", Cause.TooLarge, "512 KB in one mapping can never go through bounce buffers"),
        ("swiotlb-5.15-unused.txt", Cause.TooLarge, "1 MB in one mapping can never go"),
        ("swiotlb-5.4.txt", Cause.ShortOfMemory, "64 KB wanted; 16 KB of 64 MB free"),
        ("tinyclr-series.txt", Cause.Leak, "falls by 1.8 KB from dump to dump"),
        ("vcdbg.txt", Cause.CannotTell, "GPU heap 57671680 bytes free, largest 20971520"),
        ("vmalloc-2.6.36.txt", Cause.AddressSpace, "no 4 MB of addresses in a row"),
        ("vmalloc-4.4.txt", Cause.TooLarge, "a negative number, -4096"),
        ("vmalloc-5.15.txt", Cause.AddressSpace, "no 32 MB of addresses in a row"),
        ("vmallocinfo-3.10.txt", Cause.CannotTell, "fb_map_video_memory 8 MB"),
        ("vmallocinfo-5.4.txt", Cause.CannotTell, "pcpu_create_chunk 68 KB"),
        ("vmallocinfo-6.6.txt", Cause.CannotTell, "copy_process 40 KB"),
        ("zephyr-2.7.txt", Cause.CannotTell, "4180 bytes free, largest 4000"),
        ("zephyr-3.5.txt", Cause.CannotTell, "for video was refused"),
        ("zephyr-series.txt", Cause.Leak, "falls by 560 B from dump to dump"),
        ("zoneinfo-4.14.txt", Cause.CannotTell, "DMA 16285696 bytes free; Normal 86016000 bytes free"),
    ];

    /// <summary>The names.</summary>
    public static IEnumerable<string> Names => All.Select(one => one.File);

    /// <summary>A file's text with one character for each byte, as logs are read.</summary>
    public static string Text(string name) => Encoding.Latin1.GetString(File.ReadAllBytes(Path.Combine(Checkout.Folder, "tools", "Emulator.Tests", "Diagnosis", "Dumps", name)));

    /// <summary>The findings for a text.</summary>
    /// <param name="text">A log; its last line is whole if it ends with a line break.</param>
    public static (LogDiagnosis Found, List<Dump> Dumps) Read(string text)
    {
        var store = new DumpStore();
        var dumps = new List<Dump>();
        var log = new DumpLog(dump =>
        {
            dumps.Add(dump);
            store.Add(dump);
        });
        log.Begin("log");
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            if (i < lines.Length - 1 || lines[i].Length > 0)
            {
                log.Add(lines[i].TrimEnd('\r'), i < lines.Length - 1);
            }
        }
        log.End();
        return (LogDiagnosis.Of(store, null, []), dumps);
    }

    /// <summary>The first finding's cause; null if there is none.</summary>
    public static Cause? CauseOf(string text) => Read(text).Found.Findings.FirstOrDefault()?.Cause;
}
