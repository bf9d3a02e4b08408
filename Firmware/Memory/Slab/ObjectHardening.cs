using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>What a hardened cache puts into and around its objects, and the objects that it keeps from being used again at once.</summary>
    /// <remarks>
    /// <code>
    ///   slab:  | front zone | object 0 | zone | object 1 | zone | ...          zones: 0xbb about a free object, 0xcc about a live one
    ///   object, free:  6b 6b 6b ... 6b a5        live:  the owner's bytes, then (where known) 0xcc up to the cache's size
    /// </code>
    /// <para>The values are those of include/linux/poison.h, the states those of mm/slub.c. The kernel puts a zone on both sides of every
    /// object; here an object's front is the zone behind the one before it, so a write in front of an object is blamed on its neighbour.
    /// The quarantine releases its objects early if an allocation would otherwise fail.</para>
    /// <para>The fills need no lock: the object is neither free nor in use while they run. The quarantine needs it.</para>
    /// </remarks>
    internal sealed class ObjectHardening
    {
        /// <summary>Bytes of a zone at least.</summary>
        internal const int SmallestZone = 8;

        /// <summary>The most objects that one cache keeps in quarantine; each costs 5 bytes.</summary>
        internal const int MostQuarantined = Quarantine.Most;

        /// <summary>POISON_FREE, POISON_END, SLUB_RED_INACTIVE and SLUB_RED_ACTIVE.</summary>
        internal const byte FreeByte = 0x6b, EndByte = 0xa5, InactiveByte = 0xbb, ActiveByte = 0xcc;

        internal readonly bool HasPoison, HasZones;
        internal readonly int ObjectSize, ZoneSize, FrontSize;

        private readonly PhysicalMemory _memory;

        /// <summary>By place of the quarantine.</summary>
        private readonly byte[] _owners;

        /// <param name="memory">Where the objects lie; null where there is neither poison nor zones.</param>
        /// <param name="zoneSize">Bytes from an object's end to the next object.</param>
        /// <param name="frontSize">Bytes in front of a slab's first object.</param>
        internal ObjectHardening(PhysicalMemory memory, SlabDebug debug, int objectSize, int zoneSize, int frontSize, int quarantine)
        {
            _memory = memory;
            HasPoison = (debug & SlabDebug.Poison) != 0;
            HasZones = (debug & SlabDebug.RedZone) != 0;
            ObjectSize = objectSize;
            ZoneSize = zoneSize;
            FrontSize = frontSize;
            Quarantine = new Quarantine(quarantine);
            _owners = new byte[quarantine];
        }

        internal Quarantine Quarantine { get; }

        /// <summary>Who freed the object at a place of the quarantine.</summary>
        internal PageOwner OwnerAt(int place) { return (PageOwner)_owners[place]; }

        /// <summary>Takes an object into the quarantine; there is room.</summary>
        internal void Push(uint address, PageOwner owner)
        {
            _owners[Quarantine.Push(address)] = (byte)owner;
        }

        /// <summary>Makes all objects of a new slab free ones.</summary>
        internal void Prepare(uint first, int objects)
        {
            for (int i = 0; i < objects; i++)
            {
                MakeFree(first + (uint)(i * (ObjectSize + ZoneSize)), i == 0);
            }
        }

        /// <summary>Poison and inactive zones.</summary>
        internal void MakeFree(uint address, bool isFirst)
        {
            if (HasPoison)
            {
                _memory.Fill(address, ObjectSize - 1, FreeByte);
                _memory.Fill(address + (uint)ObjectSize - 1, 1, EndByte);
            }
            FillZones(address, isFirst, InactiveByte);
        }

        /// <summary>Active zones, the bytes behind <paramref name="size"/> among them.</summary>
        internal void MakeLive(uint address, bool isFirst, int size)
        {
            FillZones(address, isFirst, ActiveByte);
            GuardSlack(address, size);
        }

        /// <summary>Makes a zone of what a request leaves of its object.</summary>
        internal void GuardSlack(uint address, int size)
        {
            if (HasZones && size < ObjectSize)
            {
                _memory.Fill(address + (uint)size, ObjectSize - size, ActiveByte);
            }
        }

        private void FillZones(uint address, bool isFirst, byte value)
        {
            if (!HasZones)
            {
                return;
            }
            _memory.Fill(address + (uint)ObjectSize, ZoneSize, value);
            if (isFirst)
            {
                _memory.Fill(address - (uint)FrontSize, FrontSize, value);
            }
        }
    }
}
