using System;
using Carveout;
using Carveout.Board.Boards;
using Carveout.Diagnostics;
using Carveout.Memory;
using Carveout.Video;

namespace Diagnostics
{
    /// <summary>Who has the memory, once a minute; why a request failed, at once; and what was done before, as a trace for the host.</summary>
    public static class Program
    {
        public static void Main()
        {
            CarveoutMemory memory = CarveoutMemory.Reserve(Esp32Cam.Create());
            memory.Pages.TrackOwners(new OwnerTable(1024));
            var ring = new TraceRing(512, null);        // 15 bytes a record; in place of null a clock of yours (TraceClock)
            memory.Pages.Trace(ring);                   // null ends it; off, it costs nothing
            var format = new VideoFormat(640, 480, PixelFormat.RGB565);
            while (memory.TryAllocFrame(format, "leak", out FrameBuffer frame))
            {
                Console.WriteLine("taken: " + frame.ToString());
            }
            // When a request has failed: why each zone said no, and who has the memory.
            Console.WriteLine(FailureReport.ToText(memory.Pages));
            // Now and then: the files of /proc, and who took what.
            Console.WriteLine(memory.BuddyInfo() + ProcText.VmStat(memory.Pages) + OwnerText.PageOwner(memory.Pages.GetOwnerTable(), memory.Pages));
            // For `carveout capture`: it goes on where it stopped.
            var dump = new TraceDump(memory.Pages, ring);
            for (string line = dump.Next(); line != null; line = dump.Next())
            {
                Console.WriteLine(line);
            }
        }
    }
}
