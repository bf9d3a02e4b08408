namespace Carveout.Memory
{
    /// <summary>Sees the calls of caches that track or harden their objects.</summary>
    /// <remarks>Abstract, so that a program with no such cache has nothing of <see cref="GuardedObjects"/>, which
    /// <see cref="SlabAllocator.MakeGuard"/> makes.</remarks>
    internal abstract class ObjectGuard
    {
        /// <summary>Who took which object; null: not tracked.</summary>
        internal OwnerTable? Owners;

        /// <summary>Throws unless a cache can be hardened like this.</summary>
        internal abstract void CheckNew(string name, SlabDebug debug, int quarantine, bool hasConstructor);

        /// <summary>What hardens a cache that <see cref="CheckNew"/> let pass.</summary>
        internal abstract ObjectHardening Harden(SlabDebug debug, int objectSize, SlabLayout layout, int quarantine);

        /// <summary>Makes all objects of a new slab of a hardened cache free ones.</summary>
        internal abstract void Prepare(KmemCache cache, uint first);

        /// <summary>Hands an object out that was taken out of its bitmap; entered with the lock, which it leaves.</summary>
        /// <param name="cache">A guarded one.</param>
        /// <param name="number">The object's.</param>
        /// <param name="gfp">Zero or not; the request has been looked at.</param>
        /// <param name="owner">Who asks.</param>
        /// <param name="size">Bytes that he asks for, at most the object's.</param>
        internal abstract uint AllocEntered(KmemCache cache, int number, GfpFlags gfp, PageOwner owner, int size);

        /// <summary>Gives an object back that is in use and may go; entered with the lock, which it leaves.</summary>
        internal abstract void FreeEntered(KmemCache cache, uint address, int number);

        /// <summary>Makes every object free that is in a cache's quarantine when this begins.</summary>
        internal abstract void ReleaseQuarantine(KmemCache cache);

        /// <summary>Looks at the objects of a slab that is about to go, taken off its list: what they show would be lost with it.</summary>
        internal abstract void CheckSlab(KmemCache cache, int slab);

        /// <summary>Looks at every object of a hardened cache, free, in quarantine or in use.</summary>
        /// <returns>Findings.</returns>
        internal abstract int Validate(KmemCache cache);

        /// <summary>Records the new size of an allocation that stays in its object, and guards the bytes behind that size.</summary>
        /// <remarks>Only the owner of an object in use may call this, so it cannot go meanwhile.</remarks>
        internal abstract void Resize(KmemCache cache, uint address, int size);

        /// <summary>Who took an object, looked up under the lock.</summary>
        internal abstract PageOwner LookUpOwner(uint address);

        /// <summary>Bytes of an object that are not a red zone, looked up under the lock.</summary>
        internal abstract int UsableSize(KmemCache cache, uint address);

        /// <summary>For messages: who took an object; nothing where that is not recorded.</summary>
        internal abstract string OwnerText(uint address);

        /// <summary>For messages: that an object is in quarantine, and whose it was; nothing where it is not.</summary>
        internal abstract string QuarantineText(KmemCache cache, uint address);
    }
}
