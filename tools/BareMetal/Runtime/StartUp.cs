using System.Runtime;
using Carveout.BareMetal;

namespace Internal.Runtime
{
    /// <summary>Runs from reset to Main, and turns Main's result into an exit code.</summary>
    internal static unsafe class StartUp
    {
        [RuntimeExport("start_up")]
        private static void Run(MemoryLayout* layout)
        {
            for (uint* from = (uint*)layout->DataImage, to = (uint*)layout->DataStart; to < layout->DataEnd; from++, to++)
            {
                *to = *from;
            }
            for (uint* word = (uint*)layout->BssStart; word < layout->BssEnd; word++)
            {
                *word = 0;
            }
            NullGuard.Raise();
            ManagedHeap.Open(layout->HeapStart, layout->HeapEnd);
            StaticFields.Initialize(layout->Module);
            Machine.CarveoutStart = layout->CarveoutStart;
            Machine.CarveoutSize = layout->CarveoutSize;
            int code = Program.Main();
            if (ManagedHeap.Late != 0)
            {
                Machine.Stop("allocation after start-up: ", ManagedHeap.Late, " bytes");
            }
            Semihosting.Exit(code);
        }
    }
}
