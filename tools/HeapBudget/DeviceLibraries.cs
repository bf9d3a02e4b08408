using System.Reflection;
using Carveout.Memory;
using Carveout.Video;

namespace Carveout.HeapBudget;

/// <summary>The device's libraries, each behind those that it stands on.</summary>
public static class DeviceLibraries
{
    public static IReadOnlyList<Assembly> All { get; } = [.. ((Type[])[typeof(Board.MemoryMap), typeof(PageAllocator), typeof(OwnerTable),
        typeof(SlabAllocator), typeof(MovablePages), typeof(DmaAllocator), typeof(FrameBuffer), typeof(FrameBanks), typeof(FrameConverter), typeof(Pipeline)]).Select(type => type.Assembly)];
}
