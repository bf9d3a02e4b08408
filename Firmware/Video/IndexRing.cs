namespace Carveout.Video
{
    /// <summary>A queue of numbers from 0 to its capacity - 1, each at most once, so it never overflows. The caller's lock protects it.</summary>
    internal sealed class IndexRing
    {
        private readonly int[] _ring;
        private int _head;

        internal IndexRing(int capacity) => _ring = new int[capacity];

        internal int Count { get; private set; }

        internal int PeekAt(int at) => _ring[(_head + at) % _ring.Length];

        internal void Push(int index)
        {
            _ring[(_head + Count) % _ring.Length] = index;
            Count++;
        }

        internal void PushFront(int index)
        {
            _head = _head == 0 ? _ring.Length - 1 : _head - 1;
            _ring[_head] = index;
            Count++;
        }

        internal int Pop()
        {
            int index = _ring[_head];
            _head = _head + 1 == _ring.Length ? 0 : _head + 1;
            Count--;
            return index;
        }

        internal int PopBack()
        {
            Count--;
            return _ring[(_head + Count) % _ring.Length];
        }

        /// <summary>Removes a number from any place.</summary>
        /// <returns>Whether it was there.</returns>
        internal bool Remove(int index)
        {
            int at = 0;
            while (at < Count && PeekAt(at) != index)
            {
                at++;
            }
            if (at == Count)
            {
                return false;
            }
            for (; at + 1 < Count; at++)
            {
                _ring[(_head + at) % _ring.Length] = PeekAt(at + 1);
            }
            Count--;
            return true;
        }

        internal void Clear() => Count = 0;
    }
}
