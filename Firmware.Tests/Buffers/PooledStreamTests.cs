using System;
using System.IO;
using Carveout.Buffers;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Buffers
{
    /// <summary>A stream over pooled buffers, compared with the MemoryStream that it replaces.</summary>
    [TestClass]
    public class PooledStreamTests
    {
        private const int Most = 8 * 7;

        [TestMethod]
        [DataRow(1)]
        [DataRow(2)]
        [DataRow(3)]
        [DataRow(4)]
        public void It_answers_as_a_MemoryStream_does(int seed)
        {
            var pool = new BufferPool("p", 7, 12);
            var ours = new PooledStream(pool, "test");
            var theirs = new MemoryStream();
            uint random = (uint)seed;
            for (int step = 0; step < 1500; step++)
            {
                random = random * 1664525 + 1013904223;
                int what = (int)(random >> 28), number = (int)(random >> 8 & 63) - 4;
                string expected = Step(theirs, what, number, step, seed), found = Step(ours, what, number, step, seed);
                Assert.AreEqual(expected, found, "seed " + seed.ToString() + ", step " + step.ToString() + ", operation " + what.ToString()
                    + " with " + number.ToString());
                Assert.AreEqual(theirs.Length, ours.Length);
                Assert.AreEqual(theirs.Position, ours.Position);
                Assert.AreEqual(((int)ours.Length + 6) / 7, pool.Count - pool.FreeCount);
            }
            var copy = new MemoryStream();
            ours.WriteTo(copy);
            Assert.AreEqual(Text(theirs), Text(copy));
            ours.Dispose();
            Assert.AreEqual(12, pool.FreeCount);
        }

        [TestMethod]
        public void A_closed_stream_refuses_all_but_closing()
        {
            var pool = new BufferPool("p", 7, 8);
            var stream = new PooledStream(pool, "test");
            stream.Write(new byte[20], 0, 20);
            stream.Dispose();
            stream.Dispose();
            stream.Flush();
            Assert.AreEqual(8, pool.FreeCount);
            Assert.IsFalse(stream.CanRead);
            Assert.IsFalse(stream.CanSeek);
            Assert.ThrowsException(typeof(ObjectDisposedException), () => stream.ReadByte());
            Assert.ThrowsException(typeof(ObjectDisposedException), () => Read(stream, new byte[1], 0, 1));
            Assert.ThrowsException(typeof(ObjectDisposedException), () => stream.WriteByte(1));
            Assert.ThrowsException(typeof(ObjectDisposedException), () => stream.Write(new byte[1], 0, 1));
            Assert.ThrowsException(typeof(ObjectDisposedException), () => stream.Seek(0, SeekOrigin.Begin));
            Assert.ThrowsException(typeof(ObjectDisposedException), () => stream.SetLength(0));
            Assert.ThrowsException(typeof(ObjectDisposedException), () => stream.WriteTo(new MemoryStream()));
            Assert.ThrowsException(typeof(ObjectDisposedException), () => stream.Position = 0);
        }

        [TestMethod]
        public void A_write_that_finds_too_few_buffers_changes_nothing_and_says_who_has_them()
        {
            var pool = new BufferPool("http", 10, 4);
            pool.Rent("mqtt");
            var stream = new PooledStream(pool, "ota");
            stream.Write(new byte[15], 0, 15);
            string refusal = "";
            try
            {
                stream.Write(new byte[20], 0, 20);
            }
            catch (InvalidOperationException e)
            {
                refusal = e.Message;
            }
            Assert.AreEqual("the stream of 'ota' cannot grow to 35 bytes: 1 buffers are missing. pool 'http': 4 buffers of 10 bytes, 1 free, "
                + "at least 0, 1 refused, longest wait 0 ms; ota 2, mqtt 1", refusal);
            Assert.AreEqual(15L, stream.Length);
            Assert.AreEqual(15L, stream.Position);
            Assert.AreEqual(1, pool.FreeCount);
        }

        [TestMethod]
        public void Spans_outside_an_array_are_refused()
        {
            var stream = new PooledStream(new BufferPool("p", 10, 4), "ota");
            Assert.ThrowsException(typeof(ArgumentException), () => Read(stream, new byte[10], 1, 10));
            Assert.ThrowsException(typeof(ArgumentException), () => stream.Write(new byte[10], int.MaxValue, 10));
            Assert.ThrowsException(typeof(ArgumentException), () => stream.Write(new byte[10], 1, int.MaxValue));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => stream.Write(new byte[10], -1, 1));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => Read(stream, new byte[10], 1, -1));
            Assert.ThrowsException(typeof(ArgumentNullException), () => Read(stream, null, 0, 0));
            Assert.AreEqual(0L, stream.Length);
        }

        [TestMethod]
        public void What_the_pool_cannot_hold_is_refused()
        {
            var stream = new PooledStream(new BufferPool("p", 10, 4), "ota");
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => stream.Write(new byte[41], 0, 41));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => stream.SetLength(41));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => stream.Position = 41);
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => stream.Seek(long.MaxValue, SeekOrigin.Current));
            Assert.ThrowsException(typeof(IOException), () => stream.Seek(long.MinValue, SeekOrigin.End));
            Assert.AreEqual(0L, stream.Length);
            stream.Write(new byte[40], 0, 40);
            Assert.AreEqual(40L, stream.Length);
        }

        [TestMethod]
        public void Bytes_that_nobody_wrote_are_zero_also_where_somebody_elses_were()
        {
            var pool = new BufferPool("p", 10, 4);
            var before = new PooledStream(pool, "before");
            for (int i = 0; i < 40; i++)
            {
                before.WriteByte(0xFF);
            }
            before.Dispose();
            var stream = new PooledStream(pool, "after");
            stream.Position = 25;
            stream.WriteByte(1);
            stream.SetLength(33);
            stream.Position = 0;
            for (int i = 0; i < 33; i++)
            {
                Assert.AreEqual(i == 25 ? 1 : 0, stream.ReadByte());
            }
            Assert.AreEqual(-1, stream.ReadByte());
        }

        /// <summary>One operation, and its result in words.</summary>
        private static string Step(Stream stream, int what, int number, int step, int seed)
        {
            try
            {
                if (what < 4)
                {
                    var bytes = new byte[number < 0 ? 3 : number / 3];
                    for (int i = 0; i < bytes.Length; i++)
                    {
                        bytes[i] = (byte)(step + i + seed);
                    }
                    if (stream.Position + bytes.Length <= Most)
                    {
                        stream.Write(bytes, 0, number < 0 ? number : bytes.Length);
                    }
                    return "written";
                }
                if (what < 8)
                {
                    var bytes = new byte[40];
                    int read = stream.Read(bytes, number / 3, 20);
                    string text = read.ToString();
                    for (int i = 0; i < read; i++)
                    {
                        text += " " + bytes[number / 3 + i].ToString();
                    }
                    return text;
                }
                switch (what)
                {
                    case 8:
                    case 9:
                        return stream.ReadByte().ToString();
                    case 10:
                        if (stream.Position < Most)
                        {
                            stream.WriteByte((byte)step);
                        }
                        return "a byte";
                    case 11:
                        stream.Position = number > Most ? Most : number;
                        return "there";
                    case 12:
                        return stream.Seek(number > Most ? Most : number, SeekOrigin.Begin).ToString();
                    case 13:
                        return stream.Seek(-(number / 4), SeekOrigin.Current).ToString();
                    case 14:
                        return stream.Seek(-(number / 2), SeekOrigin.End).ToString();
                    default:
                        if (number >= 0 && number < 8)
                        {
                            // nanoFramework's MemoryStream shows again what it cut off; PooledStream reads 0.
                            stream.Position = 0;
                            stream.Write(new byte[(int)stream.Length], 0, (int)stream.Length);
                            stream.SetLength(0);
                        }
                        else
                        {
                            stream.SetLength(number < 0 || number > stream.Length ? (number > Most ? Most : number) : stream.Length);
                        }
                        return "set";
                }
            }
            catch (Exception e)
            {
                return e.GetType().Name;
            }
        }

        private static void Read(Stream stream, byte[] buffer, int offset, int count)
        {
            Assert.AreEqual(0, stream.Read(buffer, offset, count));
        }

        private static string Text(MemoryStream stream)
        {
            string text = "";
            byte[] bytes = stream.ToArray();
            for (int i = 0; i < bytes.Length; i++)
            {
                text += bytes[i].ToString() + " ";
            }
            return text;
        }
    }
}
