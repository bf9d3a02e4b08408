using System;
using System.IO;
using Carveout.Buffers;

namespace Download
{
    /// <summary>Keeps a download that arrives in pieces of 1,500 bytes, then reads it line by line: first in the buffers of a pool, then in a
    /// MemoryStream to compare.</summary>
    public static class Program
    {
        private const int PieceSize = 1500, Lines = 400;

        public static void Main()
        {
            // At boot, before anything else allocates: one buffer to receive into, seven for what is kept.
            var pool = new BufferPool("http", PieceSize, 8);
            using (var kept = new PooledStream(pool, "download"))
            {
                Receive(pool, kept);
                Console.WriteLine("pooled: " + kept.Length.ToString() + " bytes, " + CountLines(kept).ToString() + " lines");
                Console.WriteLine(pool.ToString());
            }
            using (var kept = new MemoryStream())
            {
                Receive(pool, kept);
                Console.WriteLine("MemoryStream: " + kept.Length.ToString() + " bytes, " + CountLines(kept).ToString() + " lines");
            }
            Console.WriteLine(pool.ToString());
        }

        /// <summary>Receives everything, through one buffer of the pool.</summary>
        public static void Receive(BufferPool pool, Stream kept)
        {
            var socket = new Sensor(Lines);
            byte[] buffer = pool.Rent("socket");
            for (int length = socket.Receive(buffer); length > 0; length = socket.Receive(buffer))
            {
                kept.Write(buffer, 0, length);
            }
            pool.Return(buffer);
        }

        /// <summary>Reads all lines from the start.</summary>
        public static int CountLines(Stream kept)
        {
            kept.Seek(0, SeekOrigin.Begin);
            var reader = new StreamReader(kept);
            int lines = 0;
            while (reader.ReadLine() != null)
            {
                lines++;
            }
            return lines;
        }

        /// <summary>Stands for the socket: readings of a sensor as text, "0000017;021.5" a line.</summary>
        private sealed class Sensor
        {
            private const int LineLength = 14;

            private readonly int _length;
            private int _sent;

            public Sensor(int lines)
            {
                _length = lines * LineLength;
            }

            public int Receive(byte[] buffer)
            {
                int length = _length - _sent < buffer.Length ? _length - _sent : buffer.Length;
                for (int i = 0; i < length; i++)
                {
                    int line = (_sent + i) / LineLength, at = (_sent + i) % LineLength;
                    buffer[i] = (byte)(at == LineLength - 1 ? '\n' : at == 7 ? ';' : at == 11 ? '.' : at < 7 ? Digit(line, 6 - at) : Digit(line * 7, at == 12 ? 0 : 11 - at));
                }
                _sent += length;
                return length;
            }

            private static int Digit(int number, int place)
            {
                for (; place > 0; place--)
                {
                    number /= 10;
                }
                return '0' + number % 10;
            }
        }
    }
}
