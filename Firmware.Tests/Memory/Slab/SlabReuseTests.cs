using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    [TestClass]
    public class SlabReuseTests
    {
        [TestMethod]
        public void Empty_slabs_of_one_cache_make_room_for_another_when_descriptors_run_out()
        {
            var slabs = new SlabAllocator(KmemCacheTests.Pages(16), null, 2, null, null);
            KmemCache first = New(slabs, "first", 4096), second = New(slabs, "second", 2048);
            uint a = first.Alloc(GfpFlags.Kernel), b = first.Alloc(GfpFlags.Kernel);
            Assert.AreEqual(0u, second.Alloc(GfpFlags.Kernel), "both slabs are in use");
            first.Free(a);
            first.Free(b);
            Assert.AreEqual(0u, second.Alloc(GfpFlags.NoRetry), "NoRetry takes nothing from others");
            Assert.AreEqual(2, first.SlabCount);
            Assert.IsTrue(second.Alloc(GfpFlags.Kernel) != 0);
            Assert.AreEqual(1, second.SlabCount);
        }

        [TestMethod]
        public void Slab_that_has_waited_longest_is_allocated_from_first()
        {
            KmemCache cache = New(KmemCacheTests.Slabs(8), "pair", 2048);
            var objects = new uint[10];
            for (int i = 0; i < 10; i++)
            {
                objects[i] = cache.Alloc(GfpFlags.Kernel);
            }
            cache.Free(objects[4]);
            cache.Free(objects[0]);
            cache.Free(objects[6]);
            cache.Free(objects[2]);
            Assert.AreEqual(objects[4], cache.Alloc(GfpFlags.Kernel));
            // The middle slab leaves the list, and returns at its end.
            cache.Free(objects[7]);
            Assert.AreEqual(objects[0], cache.Alloc(GfpFlags.Kernel));
            Assert.AreEqual(objects[2], cache.Alloc(GfpFlags.Kernel));
            cache.Free(objects[9]);
            Assert.AreEqual(objects[9], cache.Alloc(GfpFlags.Kernel), "before a slab that is empty");
            Assert.AreEqual(5, cache.SlabCount);
            Assert.AreEqual(8, cache.LiveCount);
        }

        [TestMethod]
        public void Slab_at_the_end_of_the_list_can_leave_it()
        {
            KmemCache cache = New(KmemCacheTests.Slabs(8), "pair", 2048);
            var objects = new uint[10];
            for (int i = 0; i < 10; i++)
            {
                objects[i] = cache.Alloc(GfpFlags.Kernel);
            }
            cache.Free(objects[0]);
            cache.Free(objects[2]);
            cache.Free(objects[3]);
            cache.Free(objects[4]);
            Assert.AreEqual(1, cache.Shrink());
            Assert.AreEqual(objects[0], cache.Alloc(GfpFlags.Kernel));
            Assert.AreEqual(objects[4], cache.Alloc(GfpFlags.Kernel));
            Assert.AreEqual(4, cache.SlabCount);
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(127)]
        public void Slab_of_two_words_is_empty_when_both_are(int turn)
        {
            KmemCache cache = New(KmemCacheTests.Slabs(8), "small", 32);
            var objects = new uint[129];
            for (int i = 0; i < 129; i++)
            {
                objects[i] = cache.Alloc(GfpFlags.Kernel);
            }
            for (int i = 0; i < 128; i++)
            {
                // One word after the other, in either order.
                cache.Free(objects[i ^ turn]);
                if (i == 63 || i == 126)
                {
                    Assert.AreEqual(0, cache.Shrink());
                }
            }
            Assert.AreEqual(1, cache.LiveCount);
            Assert.AreEqual(1, cache.Shrink());
            Assert.AreEqual(1, cache.LiveCount);
        }

        private static KmemCache New(SlabAllocator slabs, string name, int size)
        {
            return new KmemCache(slabs, name, size, size, GfpFlags.Kernel, null);
        }
    }
}
