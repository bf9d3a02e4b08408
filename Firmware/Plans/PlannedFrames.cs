using System;
using Carveout.Board;

namespace Carveout
{
    /// <summary>Reserved memory in which somebody planned where the frames of each pool lie.</summary>
    internal sealed class PlannedFrames : FrameReservation
    {
        private readonly int[] _shares;
        private readonly int _count;

        /// <summary>Finds the reservations.</summary>
        /// <param name="map">A map without other reservations.</param>
        /// <param name="shares">For the first pool, the frames in each reservation; then for the second pool, and so on.</param>
        /// <exception cref="ArgumentException">A number is negative, or some are missing.</exception>
        internal PlannedFrames(MemoryMap map, int[] shares)
            : base(map)
        {
            _shares = shares;
            _count = map.ReservationCount;
            bool isWhole = shares.Length % _count == 0;
            for (int i = 0; i < shares.Length; i++)
            {
                isWhole &= shares[i] >= 0;
            }
            if (!isWhole)
            {
                throw new ArgumentException(shares.Length.ToString() + " shares: expected, for each pool, a number of 0 or more for each of "
                    + _count.ToString() + " regions with frames", nameof(shares));
            }
        }

        /// <inheritdoc/>
        internal override uint RoomIn(int index, uint step)
        {
            uint room = base.RoomIn(index, step);
            int at = _pools * _count + index;
            // A pool that was not planned gets the remaining room.
            return at < _shares.Length && _shares[at] < room ? (uint)_shares[at] : room;
        }
    }
}
