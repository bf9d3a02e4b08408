using Carveout.Board;
using Carveout.Board.Boards;

namespace Carveout
{
    /// <summary>Cuts frames out of what a map reserves for pools. Everything comes back once no pool has any of it.</summary>
    /// <remarks>Not synchronized.</remarks>
    internal class FrameReservation
    {
        /// <summary>The owner that a reservation names once a pool has some of it.</summary>
        private const string Owner = "a pool of frames";

        /// <summary>How many pools have some of it.</summary>
        private protected int _pools;

        private readonly Reservation[] _reservations;
        private readonly uint[] _start, _size, _used;

        /// <summary>Every frame begins at a multiple of so many bytes.</summary>
        private readonly uint _alignment = FramePool.Alignment;

        internal FrameReservation(MemoryMap map)
        {
            int count = 0;
            for (int i = 0; i < map.ReservationCount; i++)
            {
                count += BoardCatalog.IsPool(map.ReservationAt(i)) ? 1 : 0;
            }
            _start = new uint[count];
            _size = new uint[count];
            _used = new uint[count];
            _reservations = new Reservation[count];
            for (int i = 0; i < map.RegionCount; i++)
            {
                // If two frames shared a cache line, discarding the line for one frame would lose what the CPU wrote to the other.
                uint line = (uint)map.RegionAt(i).CacheLine;
                _alignment = line > _alignment ? line : _alignment;
            }
            for (int i = map.ReservationCount - 1; i >= 0; i--)
            {
                Reservation reservation = map.ReservationAt(i);
                if (BoardCatalog.IsPool(reservation))
                {
                    count--;
                    _start[count] = reservation.Start;
                    _size[count] = reservation.Size;
                    _reservations[count] = reservation;
                }
            }
        }

        /// <summary>Bytes that no pool has.</summary>
        internal uint Free
        {
            get
            {
                uint free = 0;
                for (int i = 0; i < _size.Length; i++)
                {
                    free += IsOurs(i) ? _size[i] - _used[i] : 0;
                }
                return free;
            }
        }

        /// <summary>Takes a frame for each address that <paramref name="frames"/> has room for, or none at all.</summary>
        /// <returns>Whether they were there.</returns>
        internal bool Take(uint[] frames, int frameSize)
        {
            uint step = ((uint)frameSize + (_alignment - 1)) / _alignment * _alignment, room = 0;
            for (int i = 0; i < _size.Length; i++)
            {
                room += RoomIn(i, step);
            }
            if (room < (uint)frames.Length)
            {
                return false;
            }
            int taken = 0;
            for (int i = 0; i < _size.Length; i++)
            {
                for (uint here = RoomIn(i, step); here > 0 && taken < frames.Length; here--)
                {
                    if (_reservations[i].Owner == null)
                    {
                        _reservations[i].Claim(Owner);
                    }
                    frames[taken++] = _start[i] + _used[i];
                    _used[i] += step;
                }
            }
            _pools++;
            return true;
        }

        /// <summary>A pool gives up what it took.</summary>
        internal void GiveBack()
        {
            _pools--;
            for (int i = 0; _pools == 0 && i < _used.Length; i++)
            {
                _used[i] = 0;
            }
        }

        /// <summary>How many frames the next pool may have of a reservation: all that it has room for.</summary>
        internal virtual uint RoomIn(int index, uint step) => IsOurs(index) ? (_size[index] - _used[index]) / step : 0;

        /// <summary>Whether nobody else has a reservation.</summary>
        private bool IsOurs(int index)
        {
            string owner = _reservations[index].Owner;
            return owner == null || owner == Owner;
        }
    }
}
