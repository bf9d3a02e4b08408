using System;
using System.Threading;
using Carveout.Board;
using Carveout.Memory;
using Carveout.Video;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Frames
{
    /// <summary>Four threads use one memory in any order: pages, exact runs, objects of a locked cache, and frames. Each block is filled
    /// with its own byte, and checked before it is freed, so that an overlap shows.</summary>
    [TestClass]
    public class ThreadStressTests
    {
        private const int Threads = 4, Steps = 600, Region = 400000;

        /// <summary>The seed to repeat, from the message of a failure; 0 for a new one each time.</summary>
        private const int Again = 0;

        [TestMethod]
        public void Four_threads_share_one_memory_and_no_block_is_anothers()
        {
            int seed = Again != 0 ? Again : (int)(DateTime.UtcNow.Ticks & 0x7FFFFFFF) | 1;
            CarveoutMemory memory = CarveoutMemory.Reserve(Region, 0);
            var slabs = new SlabAllocator(memory.Pages, memory.Memory, 32, new MonitorLock(), null);
            var cache = new KmemCache(slabs, "stress", 200, 8, GfpFlags.Kernel, null);
            // Start all at once: otherwise the first would finish before the last begins.
            var gate = new ManualResetEvent(false);
            var workers = new Worker[Threads];
            var threads = new Thread[Threads];
            for (int i = 0; i < Threads; i++)
            {
                // Names are registered before the threads, as at boot.
                workers[i] = new Worker(memory, cache, "thread" + i.ToString(), i, seed + 7919 * i, gate);
                threads[i] = new Thread(workers[i].Run);
            }
            memory.AllocFrame(Worker.Format, "frames").Dispose();
            memory.Pages.DrainAllPages();
            string before = memory.BuddyInfo();
            for (int i = 0; i < Threads; i++)
            {
                threads[i].Start();
            }
            gate.Set();
            for (int i = 0; i < Threads; i++)
            {
                threads[i].Join();
            }
            int taken = 0;
            for (int i = 0; i < Threads; i++)
            {
                Assert.AreEqual("", workers[i].Failure, "seed " + seed.ToString());
                taken += workers[i].Taken;
            }
            Assert.IsTrue(taken > Threads * Steps / 4, "seed " + seed.ToString() + ": " + taken.ToString() + " blocks taken");
            Assert.AreEqual(0, cache.LiveCount);
            cache.Destroy();
            slabs.Shrink(int.MaxValue);
            memory.Pages.DrainAllPages();
            Assert.AreEqual(before, memory.BuddyInfo(), "seed " + seed.ToString());
        }

        private sealed class Worker
        {
            internal static readonly VideoFormat Format = new VideoFormat(64, 48, PixelFormat.RGB565);

            private const int Slots = 6, ObjectSize = 200, PageSize = MemoryMap.DefaultPageSize;

            private readonly CarveoutMemory _memory;
            private readonly KmemCache _cache;
            private readonly string _name;
            private readonly PageOwner _owner;
            private readonly int _mark;
            private readonly uint[] _address = new uint[Slots];
            private readonly int[] _size = new int[Slots];
            private readonly int[] _kind = new int[Slots];
            private readonly FrameBuffer[] _frames = new FrameBuffer[Slots];
            private readonly byte[] _seen = new byte[8];
            private readonly ManualResetEvent _gate;
            private int _random;

            internal Worker(CarveoutMemory memory, KmemCache cache, string name, int number, int seed, ManualResetEvent gate)
            {
                _memory = memory;
                _cache = cache;
                _name = name;
                _owner = memory.Pages.RegisterOwner(name);
                _mark = 1 + number * Slots;
                _random = seed;
                _gate = gate;
                Failure = "";
            }

            /// <summary>The first error; empty if there was none.</summary>
            internal string Failure { get; private set; }

            internal int Taken { get; private set; }

            internal void Run()
            {
                _gate.WaitOne();
                try
                {
                    for (int step = 0; step < Steps && Failure.Length == 0; step++)
                    {
                        int slot = Next(Slots);
                        if (_size[slot] == 0)
                        {
                            Take(slot, Next(4));
                        }
                        else
                        {
                            Give(slot);
                        }
                    }
                    for (int slot = 0; slot < Slots; slot++)
                    {
                        if (_size[slot] != 0)
                        {
                            Give(slot);
                        }
                    }
                }
                catch (Exception e)
                {
                    Failure = _name + ": " + e.GetType().Name + ": " + e.Message;
                }
            }

            private void Take(int slot, int kind)
            {
                int size = 0;
                uint address = 0;
                switch (kind)
                {
                    case 0:
                        int order = Next(3);
                        size = PageSize << order;
                        address = _memory.Pages.AllocPages(GfpFlags.Kernel, order, _owner);
                        break;
                    case 1:
                        size = PageSize * (1 + Next(5));
                        address = _memory.Pages.AllocPagesExact(size, GfpFlags.Kernel, _owner);
                        break;
                    case 2:
                        size = ObjectSize;
                        address = _cache.Alloc(GfpFlags.Kernel);
                        break;
                    default:
                        address = _memory.TryAllocFrame(Format, "frames", out _frames[slot]) ? _frames[slot].Address : 0;
                        size = Format.SizeImage;
                        break;
                }
                if (address != 0)
                {
                    _kind[slot] = kind;
                    _size[slot] = size;
                    _address[slot] = address;
                    _memory.Memory.Fill(address, size, (byte)(_mark + slot));
                    Taken++;
                }
            }

            private void Give(int slot)
            {
                int size = _size[slot];
                uint address = _address[slot];
                Look(slot, address);
                Look(slot, address + (uint)(size / 2));
                Look(slot, address + (uint)(size - _seen.Length));
                _size[slot] = 0;
                switch (_kind[slot])
                {
                    case 0:
                        _memory.Pages.FreePages(address);
                        break;
                    case 1:
                        _memory.Pages.FreePagesExact(address, size);
                        break;
                    case 2:
                        _cache.Free(address);
                        break;
                    default:
                        _frames[slot].Dispose();
                        _frames[slot] = null;
                        break;
                }
            }

            private void Look(int slot, uint address)
            {
                _memory.Memory.Read(address, _seen, 0, _seen.Length);
                for (int i = 0; i < _seen.Length; i++)
                {
                    if (_seen[i] != (byte)(_mark + slot) && Failure.Length == 0)
                    {
                        Failure = _name + ": kind " + _kind[slot].ToString() + " of " + _size[slot].ToString() + " bytes: at "
                            + HexText.Of(address + (uint)i) + " is " + _seen[i].ToString() + ", written was " + (_mark + slot).ToString();
                    }
                }
            }

            /// <summary>D. E. Knuth's linear congruential generator, whose upper bits are the better ones.</summary>
            private int Next(int below)
            {
                _random = _random * 1664525 + 1013904223;
                return ((_random >> 16) & 0x7FFF) % below;
            }
        }
    }
}
