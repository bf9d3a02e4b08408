namespace Carveout.Memory
{
    /// <summary>The addresses of the latest freed blocks, which are held back: first in, first out. The ring lies outside of that memory.</summary>
    /// <remarks>It works as KASAN's quarantine does (mm/kasan/quarantine.c), but counts blocks or objects, not bytes. Callers hold the
    /// allocator's lock. Nothing is allocated after construction.</remarks>
    internal sealed class Quarantine
    {
        internal const int Most = 4096;

        /// <summary>By place, with the oldest at <see cref="Oldest"/>; 0 where a place is empty.</summary>
        private readonly uint[] _addresses;

        /// <param name="capacity">0 to <see cref="Most"/>.</param>
        internal Quarantine(int capacity) => _addresses = new uint[capacity];

        internal int Count { get; private set; }
        internal int Capacity { get { return _addresses.Length; } }

        /// <summary>Whether the oldest must leave before another can come in.</summary>
        internal bool IsFull { get { return Count == _addresses.Length; } }

        internal int Oldest { get; private set; }

        internal uint At(int place) => _addresses[place];

        internal int Find(uint address)
        {
            int place = _addresses.Length - 1;
            while (place >= 0 && _addresses[place] != address)
            {
                place--;
            }
            return place;
        }

        /// <summary>Takes an address in; there must be room.</summary>
        /// <returns>Its place.</returns>
        internal int Push(uint address)
        {
            int place = Oldest + Count;
            place -= place >= _addresses.Length ? _addresses.Length : 0;
            _addresses[place] = address;
            Count++;
            return place;
        }

        /// <summary>Takes the oldest address out.</summary>
        /// <returns>The address, or 0 if the quarantine is empty.</returns>
        internal uint Pop()
        {
            if (Count == 0)
            {
                return 0;
            }
            int place = Oldest;
            uint address = _addresses[place];
            _addresses[place] = 0;
            Oldest = place + 1 == _addresses.Length ? 0 : place + 1;
            Count--;
            return address;
        }
    }
}
