namespace Carveout.Emulator.Tests.Maps;

/// <summary>A map file for one test.</summary>
internal sealed class TemporaryMap : IDisposable
{
    /// <summary>A map with regions for the entries that tests judge.</summary>
    private const string Frame = """
        {
          "name": "test",
          "regions": [
            { "name": "SRAM", "start": "0x20000000", "size": "256K", "kind": "sram", "dma": "general", "cacheLine": 32 },
            { "name": "CCM", "start": "0x10000000", "size": "64K", "kind": "coreCoupled" },
            REGIONS
          ],
          "reservations": [RESERVATIONS],
          "zones": [ZONES],
        }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maps");

    public TemporaryMap(string text)
    {
        Path = System.IO.Path.Combine(_folder.FullName, "map.json");
        File.WriteAllText(Path, text);
    }

    public string Path { get; }

    /// <summary>A map with 256 KB of SRAM at 0x20000000 and 64 KB without DMA at 0x10000000, and with the given entries.</summary>
    public static TemporaryMap With(string regions = "", string reservations = "", string zones = "") =>
        new(Frame.Replace("REGIONS", regions).Replace("RESERVATIONS", reservations).Replace("ZONES", zones));

    public void Dispose() => _folder.Delete(recursive: true);
}
