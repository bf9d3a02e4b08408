using System.Runtime;
using Carveout.BareMetal;

namespace Internal.Runtime
{
    /// <summary>Where <c>new</c> takes from: a pointer that goes up. Nothing is ever collected.</summary>
    /// <remarks>
    /// Once closed it has no memory but a small reserve, so that an exception can still be made and have its text. A program that used
    /// the reserve and threw nothing has allocated after start-up; <see cref="StartUp"/> finds that out at its end, and the reserve's end
    /// at once.
    /// </remarks>
    internal static unsafe class ManagedHeap
    {
        private const uint Reserve = 2048;

        private static byte* s_next, s_end;
        private static bool s_closed;
        private static uint s_late;

        /// <summary>Bytes taken after it was closed.</summary>
        internal static uint Late { get { return s_late; } }

        internal static void Open(byte* start, byte* end)
        {
            s_next = start;
            s_end = end;
        }

        /// <summary>The end of start-up: from here on an allocation is a fault.</summary>
        internal static void Close()
        {
            s_closed = true;
            s_end = s_next + Reserve < s_end ? s_next + Reserve : s_end;
        }

        /// <summary>The compiler's name for <c>new</c>.</summary>
        [RuntimeExport("RhpNewFast")]
        internal static void* NewObject(MethodTable* type)
        {
            MethodTable** made = (MethodTable**)Take(type->Size);
            *made = type;
            return made;
        }

        /// <summary>The compiler's name where a field has 64 bits. Every object begins on a multiple of 8.</summary>
        [RuntimeExport("RhpNewFastAlign8")]
        internal static void* NewAlignedObject(MethodTable* type)
        {
            return NewObject(type);
        }

        /// <summary>The compiler's name for <c>new T[n]</c> of values.</summary>
        [RuntimeExport("RhpNewArrayFast")]
        internal static void* NewArray(MethodTable* type, int length)
        {
            // In 64 bits: 2^30 elements of 8 bytes must not pass for none.
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

        /// <summary>The compiler's name for <c>new T[n]</c> of 64-bit values.</summary>
        [RuntimeExport("RhpNewArrayFastAlign8")]
        internal static void* NewAlignedArray(MethodTable* type, int length)
        {
            return NewArray(type, length);
        }

        /// <summary>The compiler's name for <c>new T[n]</c> of references.</summary>
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
