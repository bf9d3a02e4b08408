using Carveout.Board;
using Carveout.Memory;
using Carveout.HeapBudget;
foreach (var kind in new[]{PageMapKind.FreeBlocks,PageMapKind.GroupedFreeBlocks,PageMapKind.Runs})
foreach (int page in new[]{1024,4096})
foreach (int size in new[]{65536,524288,4194304}) {
 var map=new MemoryMap("x",page); map.Add(new MemoryRegion("r",MemoryKind.Sram,0x20000000,(uint)size,DmaEngines.None,0));
 map.Add(new ZonePlan("NORMAL",ZoneKind.Normal,0x20000000,(uint)size,DmaEngines.None,kind));
 var a=PageAllocator.Boot(map,null,null); var h=new DeviceHeap(); h.Except(map); h.Add(a);
 Console.WriteLine($"{kind} {page} {size}: {h.Bytes} {100.0*h.Bytes/size:F2}% : "+string.Join(", ",h.ByType.Select(p=>p.Key.Name+" "+p.Value)));
}
