using System.Buffers;

namespace Carveout.Emulator.Diagnosis;

/// <summary>Reads ESP-IDF's heaps: summary, dump of blocks, refused requests, corruption, what boot prints about heaps and PSRAM, and the
/// messages of Wi-Fi and cameras when they get no memory.</summary>
/// <remarks>components/heap: heap_caps.c and heap_caps_base.c (heap_caps_print_heap_info, heap_caps_alloc_failed), heap_caps_init.c,
/// multi_heap.c before 4.3 and multi_heap.c over TLSF after (multi_heap_dump), multi_heap_poisoning.c, heap_task_info.c;
/// components/esp_psram and esp32/spiram.c; esp_mm/esp_cache.c; the Wi-Fi library's and esp32-camera's cam_hal.c messages as posted.
/// 3.1 to 5.x.</remarks>
internal sealed class EspHeapReader : DumpReader
{
    private static readonly SearchValues<string> s_words = SearchValues.Create(
    [
        "eap summary", "At 0x", "At 3", "At 4", "At 5", "heap_init", "Showing data", "Heap start", "Block", "llocate ",
        "lloc fail", "llocation fail", "alloc_fail", "m f null", "alloc eb", "wifi", "malloc", "PSRAM", "psram", "SPI ",
        "aligned", "CORRUPT", "assert failed", "corruption", "invalid header", "Task:", "rame buffer", "cam_dma_config",
    ], StringComparison.Ordinal);

    private readonly EspHeapFormat[] _formats;
    private int _foreign;
    private bool _isCut;

    public EspHeapReader()
    {
        _formats =
        [
            new EspHeapSummary(Pass), new EspHeapBlocks(Pass), new EspHeapBoot(Pass), new EspHeapMessages(Pass), new EspHeapTasks(Pass),
        ];
    }

    /// <inheritdoc/>
    public override SearchValues<string> Words => s_words;

    /// <inheritdoc/>
    public override bool IsOpen => Array.Exists(_formats, format => format.IsOpen);

    /// <inheritdoc/>
    public override bool Read(DumpLine line)
    {
        bool ours = Array.Exists(_formats, format => format.Read(line));
        (_foreign, _isCut) = (ours ? 0 : _foreign + 1, line.IsCut);
        if (IsOpen && _foreign > MostForeignLines)
        {
            End();
        }
        return ours;
    }

    /// <inheritdoc/>
    public override void End()
    {
        bool isCutOff = _foreign == 0 || (_foreign == 1 && _isCut);
        foreach (EspHeapFormat format in _formats)
        {
            format.End(isCutOff);
        }
        _foreign = 0;
    }

    /// <summary>Whoever wants the dumps is known only once this is made.</summary>
    private void Pass(Dump dump) => Found(dump);
}
