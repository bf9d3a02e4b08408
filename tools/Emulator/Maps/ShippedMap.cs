using Carveout.Board.Boards;

namespace Carveout.Emulator.Maps;

/// <summary>The map of a board that Carveout knows by name, as the command line asks for it.</summary>
internal static class ShippedMap
{
    /// <summary>The map.</summary>
    /// <exception cref="UsageException">There is no such board, or it cannot hold such a pool.</exception>
    public static MemoryMap Create(string board, ZoneLayout layout, PageMapKind pages, int poolSize)
    {
        try
        {
            return BoardCatalog.Create(board, layout, pages, poolSize);
        }
        catch (ArgumentException e)
        {
            throw new UsageException(DeviceMessage.Of(e));
        }
    }
}
