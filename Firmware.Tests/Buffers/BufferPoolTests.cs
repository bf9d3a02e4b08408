using System;
using System.Threading;
using Carveout.Buffers;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Buffers
{
    /// <summary>Each buffer is rented once, an empty pool says who has its buffers, and misuse is refused with names.</summary>
    [TestClass]
    public class BufferPoolTests
    {
        private static BufferPool s_pool;
        private static byte[] s_late;

        [TestMethod]
        public void Each_buffer_is_handed_out_once()
        {
            var pool = new BufferPool("http", 1500, 3);
            byte[] a = pool.Rent("ota"), b = pool.Rent("mqtt"), c = pool.Rent("ota");
            Assert.AreEqual(1500, a.Length);
            Assert.IsTrue(a != b && b != c && a != c);
            Assert.AreEqual(0, pool.FreeCount);
            pool.Return(b);
            Assert.AreEqual(1, pool.FreeCount);
            Assert.IsTrue(pool.Rent("web") == b);
        }

        [TestMethod]
        public void An_empty_pool_says_who_has_its_buffers()
        {
            var pool = new BufferPool("http", 1500, 3);
            pool.Rent("ota");
            pool.Rent("mqtt");
            pool.Rent("ota");
            Assert.IsFalse(pool.TryRent("web", out byte[] none));
            Assert.IsNull(none);
            Assert.AreEqual("no buffer for 'web': all 3 of pool 'http' (1500 bytes) are out: ota 2, mqtt 1", Refusal(() => pool.Rent("web")));
            Assert.AreEqual("pool 'http': 3 buffers of 1500 bytes, 0 free, at least 0, 2 refused, longest wait 0 ms; ota 2, mqtt 1",
                pool.ToString());
        }

        [TestMethod]
        public void The_most_that_were_rented_stay_known()
        {
            var pool = new BufferPool("http", 10, 4);
            Assert.AreEqual(0, pool.MaxLiveCount);
            byte[] a = pool.Rent("a"), b = pool.Rent("b");
            Assert.AreEqual(2, pool.LiveCount);
            pool.Return(a);
            pool.Return(b);
            Assert.AreEqual(2, pool.MaxLiveCount);
            Assert.AreEqual(4, pool.FreeCount);
            Assert.AreEqual(0, pool.LiveCount);
            Assert.AreEqual("nobody", pool.Owners());
        }

        [TestMethod]
        public void A_double_return_names_the_last_owner_and_changes_nothing()
        {
            var pool = new BufferPool("http", 10, 3);
            byte[] a = pool.Rent("ota");
            pool.Rent("mqtt");
            pool.Return(a);
            Assert.AreEqual("pool 'http': double return of a buffer that 'ota' had last. Expected a buffer that is out",
                Refusal(() => pool.Return(a)));
            Assert.AreEqual("mqtt 1", pool.Owners());
            Assert.AreEqual(2, pool.FreeCount);
        }

        [TestMethod]
        public void A_strangers_array_is_refused()
        {
            var pool = new BufferPool("http", 10, 3);
            pool.Rent("ota");
            Assert.ThrowsException(typeof(ArgumentException), () => pool.Return(new byte[10]));
            Assert.ThrowsException(typeof(ArgumentException), () => pool.Return(new BufferPool("other", 10, 1).Rent("x")));
            Assert.ThrowsException(typeof(ArgumentNullException), () => pool.Return(null));
            Assert.ThrowsException(typeof(ArgumentNullException), () => pool.Rent(null));
            Assert.AreEqual("ota 1", pool.Owners());
            Assert.AreEqual(2, pool.FreeCount);
        }

        [TestMethod]
        [DataRow(0, 1)]
        [DataRow(-1, 1)]
        [DataRow(786365, 1)]
        [DataRow(10, 0)]
        [DataRow(10, -1)]
        [DataRow(10, int.MaxValue)]
        public void A_pool_that_cannot_be_is_refused(int size, int count)
        {
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new BufferPool("http", size, count));
        }

        [TestMethod]
        public void A_strict_pool_names_who_writes_after_returning()
        {
            var pool = new BufferPool("http", 100, 1) { Strict = true };
            byte[] a = pool.Rent("ota");
            pool.Return(a);
            a[17] = 0x41;
            Assert.AreEqual("pool 'http': byte 17 of a free buffer is 0x41, expected 0xA5: somebody wrote to it after 'ota' returned it",
                Refusal(() => pool.Rent("mqtt")));
            Assert.AreEqual(1, pool.FreeCount);
            Assert.IsTrue(pool.Rent("mqtt") == a);
        }

        [TestMethod]
        public void A_strict_pool_sees_each_byte_of_buffers_of_any_length()
        {
            for (int size = 1; size <= 70; size++)
            {
                var pool = new BufferPool("p", size, 1) { Strict = true };
                byte[] a = pool.Rent("x");
                for (int i = 0; i < size; i++)
                {
                    pool.Return(a);
                    a[i]++;
                    Assert.ThrowsException(typeof(InvalidOperationException), () => pool.Rent("y"));
                    pool.Rent("x");
                }
            }
        }

        [TestMethod]
        public void What_a_finalizer_returns_is_counted_and_its_owner_named()
        {
            var pool = new BufferPool("http", 10, 2);
            pool.ReturnAbandoned(pool.Rent("ota"));
            Assert.AreEqual(1, pool.AbandonedCount);
            Assert.AreEqual("pool 'http': 2 buffers of 10 bytes, 2 free, at least 1, 0 refused, longest wait 0 ms; nobody; "
                + "the collector brought back 1, the last one of 'ota', who did not dispose", pool.ToString());
        }

        [TestMethod]
        public void Waiting_ends_when_a_buffer_comes_back()
        {
            s_pool = new BufferPool("http", 10, 1);
            s_late = s_pool.Rent("ota");
            var thread = new Thread(ReturnLate);
            thread.Start();
            Assert.IsTrue(s_pool.Rent("mqtt", 10000) == s_late);
            thread.Join();
            Assert.AreEqual(0L, s_pool.FailureCount);
            Assert.IsTrue(s_pool.MaxWaitMilliseconds < 10000);
            Assert.AreEqual("mqtt 1", s_pool.Owners());
        }

        [TestMethod]
        public void Waiting_ends_when_the_time_is_over()
        {
            var pool = new BufferPool("http", 10, 1);
            pool.Rent("ota");
            Assert.AreEqual("no buffer for 'mqtt' within 30 ms: all 1 of pool 'http' (10 bytes) are out: ota 1",
                Refusal(() => pool.Rent("mqtt", 30)));
            Assert.AreEqual(1L, pool.FailureCount);
            Assert.IsTrue(pool.MaxWaitMilliseconds >= 30);
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => pool.Rent("mqtt", -2));
            Assert.IsFalse(pool.TryRent("mqtt", 0, out byte[] none));
        }

        [TestMethod]
        public void Threads_never_have_one_buffer_at_once()
        {
            s_pool = new BufferPool("shared", 16, 3);
            s_clashes = 0;
            var threads = new Thread[5];
            for (int i = 0; i < threads.Length; i++)
            {
                threads[i] = new Thread(RentAndStamp);
                threads[i].Start();
            }
            for (int i = 0; i < threads.Length; i++)
            {
                threads[i].Join();
            }
            Assert.AreEqual(0, s_clashes);
            Assert.AreEqual(3, s_pool.FreeCount);
            Assert.AreEqual(0L, s_pool.FailureCount);
        }

        private static int s_clashes, s_stamps;

        private static void RentAndStamp()
        {
            for (int i = 0; i < 200; i++)
            {
                byte stamp = (byte)Interlocked.Increment(ref s_stamps);
                byte[] buffer = s_pool.Rent("thread", 60000);
                for (int k = 0; k < buffer.Length; k++)
                {
                    buffer[k] = stamp;
                }
                if (i % 16 == 0)
                {
                    Thread.Sleep(0);
                }
                for (int k = 0; k < buffer.Length; k++)
                {
                    if (buffer[k] != stamp)
                    {
                        Interlocked.Increment(ref s_clashes);
                    }
                }
                s_pool.Return(buffer);
            }
        }

        private static void ReturnLate()
        {
            Thread.Sleep(50);
            s_pool.Return(s_late);
        }

        private static string Refusal(Action action)
        {
            try
            {
                action();
            }
            catch (InvalidOperationException refusal)
            {
                return refusal.Message;
            }
            return "nothing was refused";
        }
    }
}
