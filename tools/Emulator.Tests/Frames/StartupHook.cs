using System.Diagnostics.CodeAnalysis;
using Carveout;
using Carveout.Board.Boards;
using Carveout.Emulator.Tests.Frames;

/// <summary>The runtime calls this in a process whose DOTNET_STARTUP_HOOKS names this assembly. It does the work that <see
/// cref="ShortHeapTests"/> asks for, in that process's own small heap, and ends the process.</summary>
[SuppressMessage("Design", "CA1050", Justification = "The runtime wants this name in no namespace.")]
internal static class StartupHook
{
    public static void Initialize()
    {
        switch (Environment.GetEnvironmentVariable(ShortHeapTests.Work))
        {
            case ShortHeapTests.OneBoard:
                Console.WriteLine(CarveoutMemory.Reserve(BoardCatalog.Create(Stm32F769Disco.Name)).IoMem());
                Environment.Exit(0);
                break;
            case ShortHeapTests.BankByBank:
                ReserveBankByBank();
                Environment.Exit(0);
                break;
        }
    }

    private static void ReserveBankByBank()
    {
        var kept = new List<CarveoutMemory>();
        try
        {
            while (kept.Count < 1000)
            {
                kept.Add(CarveoutMemory.Reserve(191 * 4096, 0));
                Console.WriteLine(kept[^1].Map.RegionAt(0).Size);
            }
        }
        catch (OutOfMemoryException e)
        {
            Console.WriteLine("refused: " + e.Message);
        }
        GC.KeepAlive(kept);
    }
}
