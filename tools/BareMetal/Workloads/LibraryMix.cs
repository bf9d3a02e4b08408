#nullable disable
using System;

namespace Carveout.BareMetal
{
    /// <summary>Random uses of what the allocator needs from a core library, reduced to one number, which must be the same on the machines
    /// and the host.</summary>
    internal sealed class LibraryMix
    {
        internal const uint StandardSeed = 7;
        internal const int StandardRounds = 200;

        private const uint HashStart = 2166136261, HashPrime = 16777619;

        private readonly Xorshift _random;
        private readonly int[] _numbers = new int[32];
        private readonly byte[] _bytes = new byte[61];

        internal LibraryMix(uint seed)
        {
            _random = new Xorshift(seed);
            Checksum = HashStart;
        }

        /// <summary>The checksum of every result.</summary>
        internal uint Checksum { get; private set; }

        internal void Run(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                Calculate(Number(), Number(), _random.Below(64));
                WriteNumbers(Number());
                Join();
                CopyWithin();
            }
        }

        private void Calculate(ulong left, ulong right, int shift)
        {
            Note(left * right);
            Note(left << shift);
            Note(left >> shift);
            Note((ulong)((long)left >> shift));
            if (right != 0)
            {
                Note(left / right);
                Note(left % right);
            }
            // The one quotient that does not fit into its type is a fault on one machine and a number on another.
            if (right != 0 && right != ulong.MaxValue)
            {
                Note((ulong)((long)left / (long)right));
                Note((ulong)((long)left % (long)right));
            }
            uint low = (uint)left, divisor = (uint)right;
            if (divisor != 0)
            {
                Note(low / divisor);
                Note(low % divisor);
            }
            if (divisor != 0 && divisor != uint.MaxValue)
            {
                Note((ulong)((int)low / (int)divisor));
                Note((ulong)((int)low % (int)divisor));
            }
        }

        private void WriteNumbers(ulong number)
        {
            Note(((int)number).ToString());
            Note(((uint)number).ToString());
            Note(((long)number).ToString());
            Note(int.MinValue.ToString() + long.MinValue.ToString() + uint.MaxValue.ToString());
        }

        private void Join()
        {
            var letters = new char[1 + _random.Below(8)];
            for (int i = 0; i < letters.Length; i++)
            {
                letters[i] = (char)('a' + _random.Below(2));
            }
            string word = new string(letters), none = null;
            Note(word + none);
            Note(word + "/" + word);
            Note(word + "/" + word + "." + none + word.Length.ToString());
            Note(word.Substring(1, word.Length - 1));
            Note(word == "ab" ? 1u : 0);
            Note(word != new string(letters) ? 1u : 0);
        }

        private void CopyWithin()
        {
            for (int i = 0; i < _numbers.Length; i++)
            {
                _numbers[i] = (int)Number();
            }
            for (int i = 0; i < _bytes.Length; i++)
            {
                _bytes[i] = (byte)_random.Below(256);
            }
            int length = _random.Below(16);
            Array.Copy(_numbers, _random.Below(16), _numbers, _random.Below(16), length);
            Array.Copy(_bytes, _random.Below(40), _bytes, _random.Below(40), length);
            for (int i = 0; i < _numbers.Length; i++)
            {
                Note((uint)_numbers[i]);
            }
            for (int i = 0; i < _bytes.Length; i++)
            {
                Note(_bytes[i]);
            }
        }

        /// <summary>Small numbers, and those near a power of two, are as likely as all others, because arithmetic goes wrong
        /// there.</summary>
        private ulong Number()
        {
            ulong number = (ulong)_random.Below(65536) << 48 | (ulong)_random.Below(65536) << 32 | (ulong)_random.Below(65536) << 16
                | (uint)_random.Below(65536);
            switch (_random.Below(4))
            {
                case 0: return number;
                case 1: return number >> _random.Below(64);
                case 2: return (1UL << _random.Below(64)) - (ulong)_random.Below(2);
                default: return 0 - (number >> _random.Below(64));
            }
        }

        private void Note(string text)
        {
            for (int i = 0; i < text.Length; i++)
            {
                Note(text[i]);
            }
        }

        private void Note(ulong number)
        {
            Checksum = (Checksum ^ (uint)number) * HashPrime;
            Checksum = (Checksum ^ (uint)(number >> 32)) * HashPrime;
        }
    }
}
