using System;
using System.Threading;
using Carveout.Board;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>Another context runs between two steps of a call: the lock lets it run whenever it is released, the memory whenever it is
    /// filled. The call goes on as if nothing had happened, and the other context gets no memory that is being freed.</summary>
    [TestClass]
    public class InterleavingTests
    {
        private const uint Start = 0x10000000;
        private const int Page = 4096, Pages = 16;

        private static MemoryMap s_map;
        private static SteppingMemory s_memory;
        private static SteppingLock s_lock;
        private static int[] s_holes;
        private static PageAllocator s_pages;
        private static DmaAllocator s_dma;
        private static DmaStreaming s_streaming;
        private static DmaDevice s_camera;
        private static uint s_address;
        private static int s_gains, s_attempts;

        [TestMethod]
        public void A_request_beside_a_running_shrinker_waits_for_it()
        {
            var shared = new WaitingLock();
            var zone = new Zone("NORMAL", ZoneKind.Normal, Start, PageMap.Create(PageMapKind.FreeBlocks, 4, 0));
            var pages = new PageAllocator(new[] { zone }, Page, null, shared);
            var shrinker = new SlowShrinker(pages);
            pages.RegisterShrinker(shrinker);
            uint first = 0;
            var other = new Thread(() => first = pages.AllocPages(GfpFlags.Kernel, 0, 0));
            other.Start();
            shrinker.Began.WaitOne();
            // The other thread is in the shrinker, which goes on when this request waits for it, or has been refused.
            shared.Waiting = shrinker.GoesOn;
            uint second = pages.AllocPages(GfpFlags.Kernel, 0, 0);
            shrinker.GoesOn.Set();
            other.Join();
            Assert.AreNotEqual(0u, first);
            Assert.AreNotEqual(0u, second, "refused while a shrinker was freeing what it needed");
            Assert.AreNotEqual(first, second);
            Assert.AreEqual(1, shrinker.Calls, "there was enough for both");
            Assert.AreEqual(0, pages.FailureCount);
        }

        [TestMethod]
        public void A_shrinker_that_allocates_does_not_wait_for_itself()
        {
            var shared = new MonitorLock();
            var zone = new Zone("NORMAL", ZoneKind.Normal, Start, PageMap.Create(PageMapKind.FreeBlocks, 4, 0));
            var pages = new PageAllocator(new[] { zone }, Page, null, shared);
            var shrinker = new AskingShrinker(pages);
            pages.RegisterShrinker(shrinker);
            while (pages.AllocPages(GfpFlags.Atomic, 0, 0) != 0)
            {
            }
            Assert.AreEqual(0u, pages.AllocPages(GfpFlags.Kernel, 0, 0));
            Assert.AreEqual(1, shrinker.Calls);
        }

        /// <summary>Between the search that finds the mapping and the message about it.</summary>
        [TestMethod]
        public void A_mapping_that_was_in_the_way_may_have_ended_when_it_is_named()
        {
            Boot();
            s_address = s_pages.AllocPages(GfpFlags.Dma, 0, 0);
            uint handle = s_streaming.MapSingle(s_camera, s_address, 64, DmaDirection.FromDevice);
            s_lock.Step = () =>
            {
                s_lock.Step = null;
                s_streaming.UnmapSingle(s_camera, handle, 64, DmaDirection.FromDevice);
            };
            Exception e = Thrown.By(() => s_streaming.MapSingle(s_camera, s_address + 32, 64, DmaDirection.FromDevice));
            Assert.Contains("overlaps a mapping that has ended since", e.Message);
            Assert.AreEqual(0, s_dma.MappingCount);
            Assert.AreNotEqual(0u, s_streaming.MapSingle(s_camera, s_address + 32, 64, DmaDirection.FromDevice));
        }

        /// <summary>The tail of a hardened block is filled between the check of its mappings and the cut.</summary>
        [TestMethod]
        public void A_device_gets_nothing_of_a_block_that_is_being_trimmed()
        {
            Boot();
            s_pages.Harden(new PageHardening(new FindingLog(8), true, true, 0));
            s_address = s_pages.AllocPages(GfpFlags.Dma, 2, 0);
            s_memory.Step = () =>
            {
                Gain(() => s_streaming.MapSingle(s_camera, s_address + 3 * Page, 64, DmaDirection.FromDevice));
                Gain(() => s_pages.FreePages(s_address));
                Gain(() => s_pages.TrimPages(s_address, 2 * Page));
            };
            s_pages.TrimPages(s_address, Page);
            s_memory.Step = null;
            Expect();
            Assert.AreEqual(Pages - 1, s_pages.ZoneAt(0).FreePages);
            s_pages.FreePages(s_address);
            Assert.AreEqual(Pages, s_pages.ZoneAt(0).FreePages);
        }

        [TestMethod]
        public void A_handle_and_its_pages_are_given_up_at_once()
        {
            for (int watched = 0; watched < 2; watched++)
            {
                Boot();
                if (watched != 0)
                {
                    s_pages.TrackOwners(new OwnerTable(8));
                }
                var movable = new MovablePages(s_pages, 4, 0);
                int handle = movable.AllocPagesExact(2 * Page, GfpFlags.Dma, 0);
                s_address = movable.Pin(handle);
                movable.Unpin(handle);
                s_lock.Step = () =>
                {
                    Gain(() => s_streaming.MapSingle(s_camera, s_address, 64, DmaDirection.FromDevice));
                    Gain(() => s_pages.FreePages(s_address));
                };
                movable.Free(handle);
                s_lock.Step = null;
                Expect();
                Assert.AreEqual(Pages, s_pages.ZoneAt(0).FreePages);
                Assert.AreEqual(0, movable.LiveCount);
            }
        }

        [TestMethod]
        public void A_device_gets_no_object_that_is_being_freed()
        {
            Boot();
            var cache = new KmemCache(new SlabAllocator(s_pages, 4), "node", 512);
            uint other = cache.Alloc(GfpFlags.Kernel);
            s_address = cache.Alloc(GfpFlags.Kernel);
            // While there is any mapping, a free has to search.
            uint handle = s_streaming.MapSingle(s_camera, other, 64, DmaDirection.FromDevice);
            s_lock.Step = () => Gain(() => s_streaming.MapSingle(s_camera, s_address, 64, DmaDirection.FromDevice));
            cache.Free(s_address);
            s_lock.Step = null;
            Expect();
            s_streaming.UnmapSingle(s_camera, handle, 64, DmaDirection.FromDevice);
            cache.Free(other);
            cache.Destroy();
            Assert.AreEqual(Pages, s_pages.ZoneAt(0).FreePages);
        }

        /// <summary>Its cache was guarded when the free began. When the free gets the lock, others take objects from the same word of bits.</summary>
        [TestMethod]
        public void An_object_whose_mapping_ends_before_its_free_has_the_lock_goes_back()
        {
            Boot();
            var cache = new KmemCache(new SlabAllocator(s_pages, 4), "node", 512);
            s_address = cache.Alloc(GfpFlags.Kernel);
            uint handle = s_streaming.MapSingle(s_camera, s_address, 64, DmaDirection.FromDevice), other = 0;
            Assert.Contains("free while mapped", Thrown.By(() => cache.Free(s_address)).Message);
            Assert.AreEqual(0, s_lock.Depth);
            s_lock.Entering = () =>
            {
                s_lock.Entering = null;
                s_streaming.UnmapSingle(s_camera, handle, 64, DmaDirection.FromDevice);
                other = cache.Alloc(GfpFlags.Kernel);
            };
            cache.Free(s_address);
            Assert.AreNotEqual(0u, other, "nobody came in between");
            Assert.AreEqual(1, cache.LiveCount);
            Assert.AreEqual(s_address, cache.Alloc(GfpFlags.Kernel));
            cache.Free(s_address);
            cache.Free(other);
            cache.Destroy();
            Assert.AreEqual(Pages, s_pages.ZoneAt(0).FreePages);
            Assert.AreEqual(0, s_lock.Depth);
        }

        [TestMethod]
        public void A_page_of_a_bulk_call_is_freed_beside_mapped_ones()
        {
            Boot();
            uint[] pages = { s_pages.AllocPages(GfpFlags.Dma, 0, 0), s_pages.AllocPages(GfpFlags.Dma, 0, 0) };
            s_streaming.MapSingle(s_camera, pages[1], 64, DmaDirection.FromDevice);
            s_pages.FreePagesBulk(pages, 0, 1, 0);
            Assert.AreEqual(0, s_lock.Depth);
            Assert.IsNotNull(Thrown.By(() => s_pages.FreePagesBulk(pages, 1, 1, 0)));
            Assert.AreEqual(0, s_lock.Depth);
            Assert.AreEqual(Pages - 1, s_pages.ZoneAt(0).FreePages);
        }

        /// <summary>The object's slab was full when the free began. When the free gets the lock, objects are taken from that slab.</summary>
        [TestMethod]
        [DataRow(20)]
        [DataRow(40)]
        public void An_object_whose_word_of_bits_has_just_come_into_use_goes_back(int number)
        {
            Boot();
            var cache = new KmemCache(new SlabAllocator(s_pages, 4), "node", 64);
            var objects = new uint[128];
            for (int i = 0; i < objects.Length; i++)
            {
                objects[i] = cache.Alloc(GfpFlags.Kernel);
            }
            uint taken = 0;
            s_lock.Entering = () =>
            {
                s_lock.Entering = null;
                cache.Free(objects[3]);
                taken = cache.Alloc(GfpFlags.Kernel);
            };
            cache.Free(objects[number]);
            Assert.AreEqual(objects[3], taken);
            Assert.AreEqual(127, cache.LiveCount);
            Assert.AreEqual(objects[number], cache.Alloc(GfpFlags.Kernel));
            Assert.AreEqual(0, s_lock.Depth);
        }

        [TestMethod]
        public void A_descriptor_and_its_pages_are_given_up_at_once()
        {
            Boot();
            var cache = new KmemCache(new SlabAllocator(s_pages, 4), "node", 512);
            s_address = cache.Alloc(GfpFlags.Kernel);
            cache.Free(s_address);
            s_lock.Step = () => Gain(() => s_streaming.MapSingle(s_camera, s_address, 64, DmaDirection.FromDevice));
            Assert.AreEqual(1, cache.Shrink());
            s_lock.Step = null;
            Expect();
            Assert.AreEqual(Pages, s_pages.ZoneAt(0).FreePages);
        }

        [TestMethod]
        public void A_request_whose_room_another_takes_is_no_success()
        {
            MovablePages movable = BootWithHoles();
            uint taken = 0;
            s_lock.Step = () => taken = taken == 0 && s_pages.ZoneAt(0).LargestFreePages >= 4
                ? s_pages.AllocPagesExact(4 * Page, GfpFlags.Dma | GfpFlags.Atomic, 0) : taken;
            Assert.AreEqual(0u, s_pages.AllocPagesExact(4 * Page, GfpFlags.Dma, 0));
            s_lock.Step = null;
            Assert.AreNotEqual(0u, taken, "nobody came in between");
            Assert.AreEqual(1, movable.CompactStalls);
            Assert.AreEqual(0, movable.CompactSuccesses);
            Assert.AreEqual(1, movable.CompactFailures);
            Assert.AreEqual(0, s_lock.Depth);
        }

        [TestMethod]
        public void While_one_request_compacts_another_does_not()
        {
            MovablePages movable = BootWithHoles();
            s_memory.Copies = 0;
            int asked = 0;
            uint other = 0;
            s_lock.Step = () => other = s_memory.Copies != 0 && asked++ == 0 ? s_pages.AllocPagesExact(4 * Page, GfpFlags.Dma, 0) : other;
            Assert.AreNotEqual(0u, s_pages.AllocPagesExact(4 * Page, GfpFlags.Dma, 0));
            s_lock.Step = null;
            Assert.IsTrue(asked > 0, "nobody came in between");
            Assert.AreEqual(0u, other);
            Assert.AreEqual(1, movable.CompactStalls);
            Assert.AreEqual(1, movable.CompactSuccesses);
        }

        /// <summary>Pinned or freed while it is copied, a block ends its own window and no other.</summary>
        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void A_block_that_is_touched_while_it_is_copied_leaves_the_next_window(bool frees)
        {
            MovablePages movable = BootWithHoles();
            int touched = 0;
            s_memory.Copying = source =>
            {
                for (int i = 0; i < 8 && touched == 0; i += 2)
                {
                    uint address = movable.Pin(s_holes[i]);
                    touched = address == source ? s_holes[i] : 0;
                    if (touched == 0 || frees)
                    {
                        movable.Unpin(s_holes[i]);
                    }
                    if (touched != 0 && frees)
                    {
                        movable.Free(touched);
                    }
                }
            };
            uint given = s_pages.AllocPagesExact(4 * Page, GfpFlags.Dma, 0);
            s_memory.Copying = null;
            Assert.AreNotEqual(0, touched, "nobody came in between");
            Assert.AreNotEqual(0u, given);
            Assert.AreEqual(frees ? 6 : 4, s_pages.ZoneAt(0).FreePages);
            Assert.AreEqual(0, s_lock.Depth);
            s_pages.FreePages(given);
            for (int i = 0; i < 8; i += 2)
            {
                if (s_holes[i] == touched && !frees)
                {
                    movable.Unpin(touched);
                }
                if (s_holes[i] != touched || !frees)
                {
                    movable.Free(s_holes[i]);
                }
            }
            Assert.AreEqual(Pages, s_pages.ZoneAt(0).LargestFreePages);
        }

        [TestMethod]
        public void A_block_that_is_mapped_while_it_is_copied_stays_where_it_is()
        {
            MovablePages movable = BootWithHoles();
            uint mapped = 0, handle = 0;
            s_memory.Copying = source =>
            {
                if (mapped == 0)
                {
                    mapped = source;
                    handle = s_streaming.MapSingle(s_camera, source, 64, DmaDirection.FromDevice);
                }
            };
            Assert.AreNotEqual(0u, s_pages.AllocPagesExact(4 * Page, GfpFlags.Dma, 0), "from another window");
            s_memory.Copying = null;
            Assert.AreNotEqual(0u, handle);
            int there = 0;
            for (int i = 0; i < 8; i += 2)
            {
                there += movable.Pin(s_holes[i]) == mapped ? 1 : 0;
                movable.Unpin(s_holes[i]);
            }
            Assert.AreEqual(1, there);
            Assert.AreEqual(0, s_lock.Depth);
        }

        /// <summary>Before the first empty slab goes, and before the next ones.</summary>
        [TestMethod]
        [DataRow(1)]
        [DataRow(2)]
        [DataRow(3)]
        public void A_shrink_ends_when_another_takes_the_slabs_that_are_left(int section)
        {
            Boot();
            var cache = new KmemCache(new SlabAllocator(s_pages, 8), "node", 4096);
            var objects = new uint[3];
            for (int i = 0; i < 3; i++)
            {
                objects[i] = cache.Alloc(GfpFlags.Kernel);
            }
            for (int i = 0; i < 3; i++)
            {
                cache.Free(objects[i]);
            }
            uint taken = 0;
            s_lock.Step = () => taken = --section == 0 ? cache.Alloc(GfpFlags.Atomic) : taken;
            Assert.AreEqual(2, cache.Shrink());
            Assert.AreNotEqual(0u, taken, "nobody came in between");
            s_lock.Step = null;
            Assert.AreEqual(0, s_lock.Depth);
            Assert.AreEqual(1, cache.SlabCount);
            cache.Free(taken);
            cache.Destroy();
            Assert.AreEqual(Pages, s_pages.ZoneAt(0).FreePages);
        }

        /// <summary>If another cache takes the last descriptor, in whichever section of the lock, no page is lost.</summary>
        [TestMethod]
        public void A_slab_that_gets_no_descriptor_keeps_no_page()
        {
            bool late = false;
            for (int section = 1; section < 12; section++)
            {
                Boot();
                var slabs = new SlabAllocator(s_pages, 1);
                var cache = new KmemCache(slabs, "node", 512);
                var other = new KmemCache(slabs, "other", 512);
                int left = section;
                uint taken = 0;
                s_lock.Step = () => taken = --left == 0 ? other.Alloc(GfpFlags.Atomic) : taken;
                uint mine = cache.Alloc(GfpFlags.Kernel);
                s_lock.Step = null;
                late |= taken != 0 && mine == 0 && section > 1;
                Assert.IsTrue((taken == 0) != (mine == 0) || left > 0, section.ToString());
                Assert.AreEqual(Pages - 1, s_pages.ZoneAt(0).FreePages, section.ToString());
            }
            Assert.IsTrue(late, "never between the pages and the descriptor");
        }

        /// <summary>Blocks slide into a gap that is shorter than they are, and the first is freed after its first page was copied. Nothing
        /// is known of what follows then. The page that the slide would look at next is the last of the free pages.</summary>
        [TestMethod]
        public void A_block_that_is_freed_while_it_slides_ends_the_slide()
        {
            // .aabbcc.dd.ee.## is the zone, and four pages are wanted.
            Boot();
            var movable = new MovablePages(s_pages, 8, MovablePages.NoLimit);
            var gaps = new uint[4];
            var blocks = new int[5];
            int gap = 0;
            for (int i = 0; i < blocks.Length; i++)
            {
                if (i == 0 || i > 2)
                {
                    gaps[gap++] = s_pages.AllocPagesExact(Page, GfpFlags.Dma, 0);
                }
                blocks[i] = movable.AllocPagesExact(2 * Page, GfpFlags.Dma, 0);
            }
            gaps[gap] = s_pages.AllocPagesExact(Page, GfpFlags.Dma, 0);
            uint wall = s_pages.AllocPagesExact(2 * Page, GfpFlags.Dma, 0);
            for (int i = 0; i < gaps.Length; i++)
            {
                s_pages.FreePages(gaps[i]);
            }
            s_memory.Copies = 0;
            s_lock.Step = () =>
            {
                if (s_memory.Copies == 1 && blocks[0] != 0)
                {
                    int freed = blocks[0];
                    blocks[0] = 0;
                    movable.Free(freed);
                }
            };
            uint address = s_pages.AllocPagesExact(4 * Page, GfpFlags.Dma, 0);
            s_lock.Step = null;
            Assert.AreEqual(0, blocks[0], "nobody came in between");
            Assert.AreEqual(0, s_lock.Depth);
            Assert.AreEqual(address == 0 ? 6 : 2, s_pages.ZoneAt(0).FreePages);
            if (address != 0)
            {
                s_pages.FreePages(address);
            }
            for (int i = 1; i < blocks.Length; i++)
            {
                movable.Free(blocks[i]);
            }
            s_pages.FreePages(wall);
            Assert.AreEqual(Pages, s_pages.ZoneAt(0).FreePages);
            Assert.AreEqual(Pages, s_pages.ZoneAt(0).LargestFreePages);
        }

        /// <summary>The other context tries something that must be refused.</summary>
        private static void Gain(Action action)
        {
            s_attempts++;
            s_gains += Thrown.By(action) == null ? 1 : 0;
        }

        private static void Expect()
        {
            Assert.IsTrue(s_attempts > 0, "nobody came in between");
            Assert.AreEqual(0, s_gains, "what was about to go was somebody else's");
            Assert.AreEqual(0, s_lock.Depth);
        }

        /// <summary>Boots, and leaves every other pair of pages free, so that four in a row need a compaction.</summary>
        private static MovablePages BootWithHoles()
        {
            Boot();
            var movable = new MovablePages(s_pages, 8, MovablePages.NoLimit);
            s_holes = new int[8];
            for (int i = 0; i < 8; i++)
            {
                s_holes[i] = movable.AllocPagesExact(2 * Page, GfpFlags.Dma, 0);
            }
            for (int i = 1; i < 8; i += 2)
            {
                movable.Free(s_holes[i]);
            }
            return movable;
        }

        private static void Boot()
        {
            s_gains = 0;
            s_attempts = 0;
            s_lock = new SteppingLock();
            s_map = new MemoryMap("steps", Page);
            s_map.Add(new MemoryRegion("SRAM", MemoryKind.Sram, Start, Pages * Page, DmaEngines.General, 0));
            s_map.Add(new ZonePlan("DMA", ZoneKind.Dma, Start, Pages * Page, DmaEngines.General, PageMapKind.Runs));
            s_memory = new SteppingMemory(new ManagedMemory(Start, Pages * Page));
            s_pages = PageAllocator.Boot(s_map, s_memory, s_lock);
            s_pages.SetWatermarks(0, 0);
            s_dma = new DmaAllocator(s_pages, s_map, s_memory, null, 4, 8);
            s_streaming = new DmaStreaming(s_dma);
            s_camera = new DmaDevice("camera", DmaEngines.General) { MaxSegment = 65536 };
            s_dma.Attach(s_camera);
        }

        /// <summary>Runs a step of another context each time that the lock is released.</summary>
        private sealed class SteppingLock : AllocatorLock
        {
            private bool _steps;

            internal Action Step { get; set; }

            /// <summary>The same before the lock is taken.</summary>
            internal Action Entering { get; set; }

            internal int Depth { get; private set; }

            public override void Acquire()
            {
                Run(Entering);
                Depth++;
            }

            public override void Release()
            {
                Depth--;
                Run(Step);
            }

            private void Run(Action step)
            {
                if (step != null && !_steps)
                {
                    _steps = true;
                    step();
                    _steps = false;
                }
            }
        }

        /// <summary>Of pages that are about to be copied.</summary>
        private delegate void Copied(uint source);

        /// <summary>Runs a step of another context before each fill.</summary>
        private sealed class SteppingMemory : PhysicalMemory
        {
            private readonly PhysicalMemory _memory;

            internal SteppingMemory(PhysicalMemory memory)
            {
                _memory = memory;
            }

            internal Action Step { get; set; }

            public override void Fill(uint address, int length, byte value)
            {
                Action step = Step;
                Step = null;
                if (step != null)
                {
                    step();
                }
                Step = step;
                _memory.Fill(address, length, value);
            }

            internal int Copies { get; set; }

            /// <summary>What another context does while pages are copied.</summary>
            internal Copied Copying { get; set; }

            public override void Copy(uint source, uint destination, int length)
            {
                Copies++;
                if (Copying != null)
                {
                    Copying(source);
                }
                _memory.Copy(source, destination, length);
            }

            public override void Read(uint address, byte[] buffer, int offset, int length)
            {
                _memory.Read(address, buffer, offset, length);
            }

            public override void Write(uint address, byte[] buffer, int offset, int length)
            {
                _memory.Write(address, buffer, offset, length);
            }

            public override void CleanCache(uint address, int length)
            {
            }

            public override void InvalidateCache(uint address, int length)
            {
            }
        }

        /// <summary>A monitor that reports when somebody is about to wait for a shrinker.</summary>
        private sealed class WaitingLock : AllocatorLock
        {
            private readonly MonitorLock _lock = new MonitorLock();

            internal ManualResetEvent Waiting { get; set; }

            public override void Acquire()
            {
                _lock.Acquire();
            }

            public override void Release()
            {
                _lock.Release();
            }

            public override void AcquireToShrink()
            {
                if (Waiting != null)
                {
                    Waiting.Set();
                }
                _lock.AcquireToShrink();
            }

            public override void ReleaseFromShrink()
            {
                _lock.ReleaseFromShrink();
            }
        }

        /// <summary>Has all pages, and frees them when it is told to go on.</summary>
        private sealed class SlowShrinker : Shrinker
        {
            private readonly PageAllocator _pages;
            private readonly uint[] _held = new uint[4];

            internal SlowShrinker(PageAllocator pages)
            {
                _pages = pages;
                for (int i = 0; i < _held.Length; i++)
                {
                    _held[i] = pages.AllocPages(GfpFlags.Kernel, 0, 0);
                }
            }

            internal ManualResetEvent Began { get; } = new ManualResetEvent(false);

            internal ManualResetEvent GoesOn { get; } = new ManualResetEvent(false);

            internal int Calls { get; private set; }

            public override string Name { get { return "slow"; } }

            public override int Shrink(int pages)
            {
                Calls++;
                Began.Set();
                GoesOn.WaitOne();
                for (int i = 0; i < _held.Length; i++)
                {
                    _pages.FreePages(_held[i]);
                }
                return _held.Length;
            }
        }

        private sealed class AskingShrinker : Shrinker
        {
            private readonly PageAllocator _pages;

            internal AskingShrinker(PageAllocator pages)
            {
                _pages = pages;
            }

            internal int Calls { get; private set; }

            public override string Name { get { return "asking"; } }

            public override int Shrink(int pages)
            {
                Calls++;
                Assert.AreEqual(0u, _pages.AllocPages(GfpFlags.Kernel, 0, 0));
                return 0;
            }
        }
    }
}
