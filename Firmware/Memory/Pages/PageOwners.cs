using System;

namespace Carveout.Memory
{
    /// <summary>The users of pages by number, and how many pages each has.</summary>
    /// <remarks>Owners are registered at boot. The counts are written under the page allocator's lock. Room is made for more owners as they come: an
    /// element for a name costs 12 bytes on nanoFramework, and most programs have few.</remarks>
    internal sealed class PageOwners
    {
        private const int First = 4;

        /// <summary>By number, the pages that an owner has now.</summary>
        internal int[] Pages = new int[First];

        private string[] _names = new string[First];

        /// <summary>Owners that are registered. A field, as every guarded allocation reads it.</summary>
        internal int Count;

        internal bool IsFull { get { return Count == Pages.Length; } }

        internal string Name(PageOwner owner)
        {
            return _names[(int)owner];
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

        /// <summary>Makes room for names, and gives an array for <see cref="Lengthen"/> that has room for as many counts.</summary>
        /// <param name="name">The owner that wants it, for the exception.</param>
        /// <exception cref="InvalidOperationException">There are as many owners as can be.</exception>
        internal int[] LongerPages(string name)
        {
            if (Count == PageAllocator.MaxOwners)
            {
                throw Misuse.TooMany("owner '" + name, PageAllocator.MaxOwners);
            }
            var names = new string[2 * Count];
            Array.Copy(_names, 0, names, 0, Count);
            _names = names;
            return new int[2 * Count];
        }

        /// <summary>Goes on counting in a longer array.</summary>
        internal void Lengthen(int[] counts)
        {
            Array.Copy(Pages, 0, counts, 0, Count);
            Pages = counts;
        }

        /// <summary>Registers a new owner, for whom there is room.</summary>
        /// <returns>The number.</returns>
        internal int Add(string name)
        {
            _names[Count] = name;
            return Count++;
        }
    }
}
