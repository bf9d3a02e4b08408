using System;

namespace Carveout.Memory
{
    /// <summary>The users of pages by number, and how many pages each has.</summary>
    /// <remarks>Registration is for boot. The counts are written under the page allocator's lock.</remarks>
    internal sealed class PageOwners
    {
        /// <summary>By number, the pages that an owner has now.</summary>
        internal readonly int[] Pages = new int[PageAllocator.MostOwners];

        private readonly string[] _names = new string[PageAllocator.MostOwners];

        /// <summary>Owners that are registered. A field, as every guarded allocation reads it.</summary>
        internal int Count;

        internal string Name(int owner)
        {
            return _names[owner];
        }

        /// <summary>The number of a registered owner, or -1.</summary>
        internal int Find(string name)
        {
            int owner = Count - 1;
            while (owner >= 0 && _names[owner] != name)
            {
                owner--;
            }
            return owner;
        }

        /// <summary>The number of a registered owner, or a new one.</summary>
        internal int Register(string name)
        {
            int known = Find(name);
            if (known >= 0)
            {
                return known;
            }
            if (Count == PageAllocator.MostOwners)
            {
                throw new InvalidOperationException("owner '" + name + "' cannot be registered: all " + PageAllocator.MostOwners.ToString()
                    + " are taken");
            }
            _names[Count] = name;
            return Count++;
        }
    }
}
