using System;
using Carveout.Board;
using Carveout.Diagnostics;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>Slabs and pages share one lock that does not nest, so a page call that is made while it is held fails the test.</summary>
    [TestClass]
    public class SlabLockTests
    {
        private const uint Start = 0x10000000;

        private static InterruptingLock s_lock;

        [TestMethod]
        public void Every_call_takes_the_lock_gives_it_back_and_calls_no_page_under_it()
        {
            SlabAllocator slabs = Slabs(64);
            string fresh = ProcText.BuddyInfo(slabs.Pages);
            var cache = new KmemCache(slabs, "node", 1024, 8, GfpFlags.Kernel, null);
            var kmalloc = new KmallocCaches(slabs);
            Locked(() => cache.Free(cache.Alloc(GfpFlags.Kernel)));
            Locked(() => kmalloc.Kfree(kmalloc.Kmalloc(100, GfpFlags.Kernel)));
            Locked(() => kmalloc.Kfree(kmalloc.Krealloc(kmalloc.Kzalloc(100, GfpFlags.Atomic), 300, GfpFlags.Kernel)));
            Locked(() => kmalloc.Kfree(kmalloc.Kmalloc(20000, GfpFlags.Kernel)));
            Locked(() => kmalloc.Kfree(kmalloc.Krealloc(kmalloc.Kzalloc(20000, GfpFlags.Atomic), 10000, GfpFlags.Kernel)));
            uint address = kmalloc.Kmalloc(1000, GfpFlags.Kernel);
            Locked(() => kmalloc.Ksize(address));
            Locked(() => Assert.AreEqual(0, cache.LiveCount));
            kmalloc.Kfree(address);
            Locked(() => slabs.TrackOwners(new OwnerTable(8)));
            Locked(() => slabs.TrackOwners(null));
            Locked(() => cache.Destroy());
            Locked(() => slabs.Shrink(int.MaxValue));
            slabs.Pages.DrainAllPages();
            Assert.AreEqual(fresh, ProcText.BuddyInfo(slabs.Pages));
        }

        [TestMethod]
        public void Calls_of_guarded_caches_take_the_lock_and_give_it_back()
        {
            SlabAllocator slabs = Slabs(64, new FindingLog(8));
            var plain = new KmemCache(slabs, "node", 1024, 8, GfpFlags.Kernel, null);
            var hard = new KmemCache(slabs, "hard", 1024, 8, GfpFlags.Kernel, null, SlabDebug.Poison | SlabDebug.RedZone, 1);
            Locked(() => slabs.TrackOwners(new OwnerTable(8)));
            KmemCache[] caches = { plain, hard };
            for (int i = 0; i < caches.Length; i++)
            {
                KmemCache cache = caches[i];
                uint address = 0;
                Locked(() => address = cache.Alloc(GfpFlags.Kernel));
                Locked(() => cache.Free(address));
                Refused(slabs, () => cache.Free(address), "free");
                Locked(() => cache.Shrink());
                Assert.AreEqual(0, cache.SlabCount);
            }
        }

        [TestMethod]
        public void Misuse_throws_after_the_lock_is_given_back()
        {
            SlabAllocator slabs = Slabs(16);
            var cache = new KmemCache(slabs, "node", 64, 64, GfpFlags.Kernel, new Idle());
            var kmalloc = new KmallocCaches(slabs);
            uint address = cache.Alloc(GfpFlags.Kernel);
            Refused(slabs, () => cache.Free(address + 4), "4 bytes inside the object");
            Refused(slabs, () => cache.Free(address + 64), "free already");
            Refused(slabs, () => cache.Free(0), "no slab");
            Refused(slabs, () => cache.Alloc(GfpFlags.Zero), "constructor");
            Refused(slabs, () => cache.Destroy(), "1 objects");
            Refused(slabs, () => kmalloc.Kfree(address), "cache 'node'");
            Refused(slabs, () => kmalloc.Ksize(address), "cache 'node'");
            uint large = kmalloc.Kmalloc(10000, GfpFlags.Kernel);
            Refused(slabs, () => kmalloc.Kfree(large + 4), "4 bytes inside the block");
            kmalloc.Kfree(large);
            Refused(slabs, () => kmalloc.Kfree(large), "double free");
            cache.Free(address);
            cache.Destroy();
            Assert.IsTrue(Thrown.By(() => cache.Alloc(GfpFlags.Kernel)) is InvalidOperationException);
            Assert.IsFalse(s_lock.IsHeld);
        }

        [TestMethod]
        public void Constructors_and_zeroing_run_without_the_lock()
        {
            SlabAllocator slabs = Slabs(16);
            var constructor = new Idle();
            new KmemCache(slabs, "built", 512, 8, GfpFlags.Kernel, constructor).Alloc(GfpFlags.Kernel);
            Assert.AreEqual(8, constructor.Calls);
            Assert.IsFalse(constructor.WasLocked);
        }

        [TestMethod]
        public void Pressure_from_pages_shrinks_locked_caches()
        {
            SlabAllocator slabs = Slabs(4);
            var cache = new KmemCache(slabs, "page", 4096, 4096, GfpFlags.Kernel, null);
            uint first = cache.Alloc(GfpFlags.Kernel), second = cache.Alloc(GfpFlags.Kernel);
            cache.Free(first);
            cache.Free(second);
            Assert.AreEqual(0u, slabs.Pages.AllocPages(GfpFlags.NoRetry, 2, 0), "never for NoRetry");
            Assert.IsTrue(slabs.Pages.AllocPages(GfpFlags.Kernel, 2, 0) != 0);
            Assert.AreEqual(0, cache.SlabCount);
            Assert.AreEqual(0u, cache.Alloc(GfpFlags.Kernel), "and its own growing may shrink too");
            Assert.IsFalse(s_lock.IsHeld);
        }

        [TestMethod]
        public void Interrupt_at_every_boundary_of_the_lock_sees_a_consistent_cache()
        {
            SlabAllocator slabs = Slabs(16);
            string fresh = ProcText.BuddyInfo(slabs.Pages);
            var cache = new KmemCache(slabs, "node", 600, 8, GfpFlags.Kernel, null);
            var live = new uint[60];
            var interrupt = new Taker(cache);
            s_lock.Interrupt = interrupt;
            for (int round = 0; round < 40; round++)
            {
                for (int i = 0; i < live.Length; i++)
                {
                    if (live[i] != 0)
                    {
                        cache.Free(live[i]);
                        live[i] = 0;
                    }
                    else if ((i + round) % 3 != 0)
                    {
                        live[i] = cache.Alloc(GfpFlags.Kernel);
                    }
                    for (int j = 0; j < i; j++)
                    {
                        Assert.IsTrue(live[i] == 0 || live[i] != live[j]);
                    }
                    Assert.IsTrue(live[i] == 0 || !interrupt.Holds(live[i]), "handed out twice");
                }
                cache.Shrink();
            }
            s_lock.Interrupt = null;
            Assert.IsTrue(interrupt.Taken > 1000);
            int count = interrupt.FreeAll();
            for (int i = 0; i < live.Length; i++)
            {
                count += live[i] != 0 ? 1 : 0;
            }
            Assert.AreEqual(count, cache.LiveCount + interrupt.Freed);
            for (int i = 0; i < live.Length; i++)
            {
                if (live[i] != 0)
                {
                    cache.Free(live[i]);
                }
            }
            cache.Destroy();
            slabs.Pages.DrainAllPages();
            Assert.AreEqual(fresh, ProcText.BuddyInfo(slabs.Pages));
        }

        /// <summary>Two words of free-object bits, none of which is the active word.</summary>
        [TestMethod]
        public void A_shared_slab_of_more_than_64_objects_is_used_to_the_last()
        {
            SlabAllocator slabs = Slabs(2);
            var cache = new KmemCache(slabs, "small", 32, 32, GfpFlags.Kernel, null);
            var objects = new uint[128];
            for (int i = 0; i < 128; i++)
            {
                objects[i] = cache.Alloc(GfpFlags.Kernel);
                Assert.AreEqual(Start + (uint)i * 32, objects[i]);
                Assert.AreEqual(1, cache.SlabCount);
            }
            cache.Alloc(GfpFlags.Kernel);
            Assert.AreEqual(2, cache.SlabCount);
            cache.Free(objects[100]);
            cache.Free(objects[3]);
            cache.Shrink();
            Assert.AreEqual(129 - 2, cache.LiveCount);
            for (int i = 0; i < 128; i++)
            {
                if (i != 3 && i != 100)
                {
                    cache.Free(objects[i]);
                }
            }
            Assert.AreEqual(1, cache.LiveCount);
        }

        [TestMethod]
        public void Interrupt_that_takes_what_was_just_grown_costs_nobody_his_object()
        {
            // A slab has one object, so the interrupt takes the slab that a request adds if it can get it.
            SlabAllocator slabs = Slabs(8);
            var cache = new KmemCache(slabs, "page", 4096, 4096, GfpFlags.Kernel, null);
            var interrupt = new Taker(cache);
            s_lock.Interrupt = interrupt;
            uint address = cache.Alloc(GfpFlags.Kernel);
            s_lock.Interrupt = null;
            Assert.IsTrue(interrupt.Taken > 0);
            Assert.IsTrue(address != 0);
            Assert.IsFalse(interrupt.Holds(address));
        }

        private static SlabAllocator Slabs(int pages, FindingLog log = null)
        {
            s_lock = new InterruptingLock();
            var zone = new Zone("NORMAL", ZoneKind.Normal, Start, PageMap.Create(PageMapKind.FreeBlocks, pages, 4));
            var memory = new ManagedMemory(Start, pages * 4096);
            return new SlabAllocator(new PageAllocator(new[] { zone }, 4096, memory, s_lock), memory, 64, s_lock, log);
        }

        private static void Locked(Action action)
        {
            int before = s_lock.Acquisitions;
            action();
            Assert.IsTrue(s_lock.Acquisitions > before);
            Assert.IsFalse(s_lock.IsHeld);
        }

        private static void Refused(SlabAllocator slabs, Action action, string word)
        {
            string before = SlabText.SlabInfo(slabs) + ProcText.BuddyInfo(slabs.Pages);
            Exception e = Thrown.By(action);
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains(word, e.Message);
            Assert.IsFalse(s_lock.IsHeld);
            Assert.AreEqual(before, SlabText.SlabInfo(slabs) + ProcText.BuddyInfo(slabs.Pages));
        }

        /// <summary>A lock that does not nest. An interrupt may come before it is taken and after it is released.</summary>
        private sealed class InterruptingLock : AllocatorLock
        {
            private bool _interrupted;

            internal Taker Interrupt { get; set; }

            internal bool IsHeld { get; private set; }

            internal int Acquisitions { get; private set; }

            public override void Acquire()
            {
                if (IsHeld)
                {
                    throw new NotSupportedException("the lock was taken twice");
                }
                Fire();
                IsHeld = true;
                Acquisitions++;
            }

            public override void Release()
            {
                if (!IsHeld)
                {
                    throw new NotSupportedException("the lock was given back and not held");
                }
                IsHeld = false;
                Fire();
            }

            private void Fire()
            {
                if (Interrupt == null || _interrupted)
                {
                    return;
                }
                _interrupted = true;
                Interrupt.Run();
                _interrupted = false;
            }
        }

        /// <summary>A callback that allocates and frees objects of the cache that it interrupts.</summary>
        private sealed class Taker
        {
            private readonly KmemCache _cache;
            private readonly uint[] _held = new uint[7];
            private int _runs;

            internal Taker(KmemCache cache)
            {
                _cache = cache;
            }

            internal int Taken { get; private set; }

            internal int Freed { get; private set; }

            internal void Run()
            {
                int i = _runs++ % _held.Length;
                if (_held[i] != 0)
                {
                    _cache.Free(_held[i]);
                    _held[i] = 0;
                    return;
                }
                uint address = _cache.Alloc(GfpFlags.Atomic);
                Assert.IsTrue(address == 0 || !Holds(address), "handed out twice");
                _held[i] = address;
                Taken += address != 0 ? 1 : 0;
            }

            internal bool Holds(uint address)
            {
                for (int i = 0; i < _held.Length; i++)
                {
                    if (_held[i] == address)
                    {
                        return true;
                    }
                }
                return false;
            }

            internal int FreeAll()
            {
                for (int i = 0; i < _held.Length; i++)
                {
                    if (_held[i] != 0)
                    {
                        _cache.Free(_held[i]);
                        _held[i] = 0;
                        Freed++;
                    }
                }
                return Freed;
            }
        }

        private sealed class Idle : ObjectConstructor
        {
            internal int Calls { get; private set; }

            internal bool WasLocked { get; private set; }

            public override void Construct(uint address)
            {
                Calls++;
                WasLocked |= s_lock.IsHeld;
            }
        }
    }
}
