using System;

namespace Carveout.Board
{
    /// <summary>Memory that no zone may own: the runtime's, a frame buffer pool, a driver's ring.</summary>
    public sealed class Reservation
    {
        /// <summary>Describes a reservation. Nothing is checked here: <see cref="MemoryMap.Validate"/> judges a map as a whole.</summary>
        /// <param name="name">Whose it is; unique in the map.</param>
        /// <param name="start">First physical address.</param>
        /// <param name="size">Bytes.</param>
        /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
        public Reservation(string name, uint start, uint size)
        {
            if (name == null)
            {
                throw new ArgumentNullException(nameof(name));
            }
            Name = name;
            Start = start;
            Size = size;
        }

        /// <summary>Whose it is.</summary>
        public string Name { get; }

        /// <summary>First physical address.</summary>
        public uint Start { get; }

        /// <summary>Bytes.</summary>
        public uint Size { get; }
    }
}
