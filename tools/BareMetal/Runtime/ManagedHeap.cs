using System.Runtime;
using Carveout.BareMetal;

namespace Internal.Runtime
{
    /// <summary>The memory of <c>new</c>: a pointer that only goes up. Nothing is ever collected.</summary>
    /// <remarks>
    /// Once it is closed it has only a small reserve, so that an exception can still be created with its text. A program that used the
    /// reserve without throwing has allocated after start-up. <see cref="StartUp"/> notices that when the program ends; the end of the
    /// reserve stops the program at once.
    /// </remarks>
    internal static unsafe class ManagedHeap
    {
        private const uint Reserve = 2048;

        private static byte* s_next, s_end;
        private static bool s_closed;
        private static uint s_late;

        /// <summary>Bytes that were taken after it was closed.</summary>
        internal static uint Late { get { return s_late; } }

        internal static void Open(byte* start, byte* end)
        {
            s_next = start;
            s_end = end;
        }

        /// <summary>Ends start-up: from now on an allocation is a fault.</summary>
        internal static void Close()
        {
            s_closed = true;
            s_end = s_next + Reserve < s_end ? s_next + Reserve : s_end;
        }

        /// <summary>The compiler calls this for <c>new</c>.</summary>
        [RuntimeExport("RhpNewFast")]
        internal static void* NewObject(MethodTable* type)
        {
            MethodTable** made = (MethodTable**)Take(type->Size);
            *made = type;
            return made;
        }

        /// <summary>The compiler calls this if a field has 64 bits. Every object begins at a multiple of 8 anyway.</summary>
        [RuntimeExport("RhpNewFastAlign8")]
        internal static void* NewAlignedObject(MethodTable* type)
        {
            return NewObject(type);
        }

        /// <summary>The compiler calls this for <c>new T[n]</c> of values.</summary>
        [RuntimeExport("RhpNewArrayFast")]
        internal static void* NewArray(MethodTable* type, int length)
        {
            // In 64 bits, because 2^30 elements of 8 bytes would wrap around to 0.
            ulong size = type->Size + (ulong)(uint)length * type->ElementSize;
            if (length < 0 || size > int.MaxValue)
            {
                Machine.Stop("an array of ", (uint)length, " elements cannot be");
            }
            MethodTable** made = (MethodTable**)Take((uint)size);
            *made = type;
            ((int*)made)[1] = length;
            return made;
        }

        /// <summary>The compiler calls this for <c>new T[n]</c> of 64-bit values.</summary>
        [RuntimeExport("RhpNewArrayFastAlign8")]
        internal static void* NewAlignedArray(MethodTable* type, int length)
        {
            return NewArray(type, length);
        }

        /// <summary>The compiler calls this for <c>new T[n]</c> of references.</summary>
        [RuntimeExport("RhpNewPtrArrayFast")]
        internal static void* NewReferences(MethodTable* type, int length)
        {
            return NewArray(type, length);
        }

        private static void* Take(uint size)
        {
            size = (size + 7) & ~7u;
            byte* start = s_next;
            if ((uint)(s_end - start) < size)
            {
                Machine.Stop(s_closed ? "allocation after start-up: " : "the managed heap is full: ", size, " bytes");
            }
            s_next = start + size;
            if (s_closed)
            {
                s_late += size;
            }
            for (uint* word = (uint*)start; word < s_next; word++)
            {
                *word = 0;
            }
            return start;
        }
    }
}
