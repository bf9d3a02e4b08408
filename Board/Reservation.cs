using System;

namespace Carveout.Board
{
    /// <summary>Memory that no zone may own: the runtime's, a frame buffer pool, a driver's ring.</summary>
    /// <remarks>Not synchronized: it is claimed at boot, by one thread.</remarks>
    public sealed class Reservation
    {
        /// <summary>Describes a reservation. Nothing is checked here: <see cref="MemoryMap.Validate"/> judges a map as a whole.</summary>
        /// <param name="name">Who has it; unique in the map.</param>
        /// <param name="start">First physical address.</param>
        /// <param name="size">Bytes.</param>
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

        /// <summary>The name, which says who has it; unique in the map.</summary>
        public string Name { get; }

        /// <summary>First physical address.</summary>
        public uint Start { get; }

        /// <summary>Bytes.</summary>
        public uint Size { get; }

        /// <summary>Who claimed all of it with <see cref="Claim"/>; null if nobody did.</summary>
        public string? Owner { get; private set; }

        /// <summary>Takes all of it for good, for a pool or a driver that hands out its bytes. Not synchronized: for boot.</summary>
        /// <param name="owner">Who takes it; named in the message to the next claimant.</param>
        /// <exception cref="InvalidOperationException">Somebody has it already; the message says who.</exception>
        public void Claim(string owner)
        {
            if (owner == null)
            {
                throw new ArgumentNullException(nameof(owner));
            }
            if (Owner != null)
            {
                throw new InvalidOperationException("reservation '" + Name + "' " + HexText.OfSpan(Start, Size) + " cannot be taken for " + owner
                    + ": " + Owner + " has it already. Expected another reservation");
            }
            Owner = owner;
        }
    }
}
