using Carveout.Board.Boards;
using Carveout.Video;
using Carveout.Video.Displays;

namespace Carveout.Emulator.Tests.Frames;

/// <summary>A pool in use takes nothing from the managed heap for a frame, and never gives a frame to two threads at once.</summary>
[TestClass]
public sealed class FramePoolSharingTests
{
    private static readonly VideoFormat s_format = new(240, 320, PixelFormat.RGB565X);

    [TestMethod]
    public void A_frame_of_a_pool_takes_nothing_from_the_managed_heap()
    {
        CarveoutMemory memory = CarveoutMemory.Reserve(BoardCatalog.Create(Esp32Cam.Name));
        FramePool pool = memory.CreatePool(s_format, 3, "movie");
        var panel = new Ili9341(new QuietBus(), memory.Memory, Rotation.None, PixelFormat.RGB565X, 16384);
        panel.Initialize();
        var strip = new byte[s_format.BytesPerLine * 16];
        void Frames()
        {
            for (int i = 0; i < 100; i++)
            {
                FrameBuffer back = pool.Rent("decoder");
                Assert.IsTrue(pool.TryRent("display", out FrameBuffer? front));
                back.Fill(10, (byte)i, 30);
                back.Write(s_format.BytesPerLine, strip, 0, strip.Length);
                front!.CopyFrom(back);
                front.Read(0, strip, 0, strip.Length);
                panel.Show(front);
                back.Dispose();
                front.Dispose();
            }
        }
        Frames();

        Assert.AreEqual(0, ManagedHeap.LeastTaken(Frames));
    }

    [TestMethod]
    public void Threads_that_share_a_pool_and_the_pages_never_have_the_same_frame()
    {
        const int Threads = 4, Rounds = 5000;
        CarveoutMemory memory = CarveoutMemory.Reserve(BoardCatalog.Create(Esp32Cam.Name, ZoneLayout.Single, PageMapKind.Runs, 3 * 19200), 400_000);
        FramePool pool = memory.CreatePool(new VideoFormat(160, 120, PixelFormat.GREY), 3, "movie");
        Assert.IsTrue(pool.IsReserved);
        string before = memory.BuddyInfo();
        int strangers = 0, had = 0;
        Task[] tasks = [.. Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                var mark = new byte[1];
                for (int round = 0; round < Rounds; round++)
                {
                    FrameBuffer? frame;
                    if (round % 3 == 0 ? memory.TryAllocFrame(pool.Format, "thread " + thread, out frame) : pool.TryRent("thread", out frame))
                    {
                        mark[0] = (byte)thread;
                        frame!.Write(0, mark, 0, 1);
                        Thread.Yield();
                        frame.Read(0, mark, 0, 1);
                        // If another thread had the same frame, its mark would appear now and then.
                        Interlocked.Add(ref strangers, mark[0] == thread ? 0 : 1);
                        Interlocked.Increment(ref had);
                        frame.Dispose();
                    }
                }
            },
            TaskCreationOptions.LongRunning))];
        Task.WaitAll(tasks);

        Assert.AreEqual(0, strangers);
        Assert.IsGreaterThanOrEqualTo(Rounds, had, "the pages alone have room for two, and a round in three asks for them");
        Assert.AreEqual("nobody", pool.Owners());
        Assert.AreEqual(3, pool.FreeCount);
        Assert.AreEqual(before, memory.BuddyInfo());
    }

    /// <summary>The bus of a display that does not exist.</summary>
    private sealed class QuietBus : DisplayBus
    {
        public override void Command(byte command)
        {
        }

        public override void Reset()
        {
        }

        public override void Delay(int milliseconds)
        {
        }

        protected override void Transfer(byte[] buffer, int offset, int length)
        {
        }
    }
}
