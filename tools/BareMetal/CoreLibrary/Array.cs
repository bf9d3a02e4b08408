using System.Runtime.CompilerServices;

namespace System
{
    /// <summary>The base of every array: a length, followed by the elements.</summary>
    public abstract class Array
    {
        private int _length;

        public int Length { get { return _length; } }

        /// <summary>Copies elements between arrays of one type; the spans may overlap.</summary>
        /// <exception cref="ArgumentException">The types differ, or a span does not lie in its array.</exception>
        public static unsafe void Copy(Array source, int sourceIndex, Array destination, int destinationIndex, int length)
        {
            if (source.Type != destination.Type || sourceIndex < 0 || destinationIndex < 0 || length < 0
                || length > source._length - sourceIndex || length > destination._length - destinationIndex)
            {
                throw new ArgumentException("Array.Copy: other types, or a span outside its array");
            }
            uint size = source.Type->ElementSize;
            // Nothing moves objects, so their addresses need no pin. The elements are behind the class and the length.
            SpanHelpers.Move(*(byte**)&destination + 8 + (uint)destinationIndex * size, *(byte**)&source + 8 + (uint)sourceIndex * size,
                (uint)length * size);
        }
    }

    /// <summary>The compiler takes the methods of <c>T[]</c> from this class.</summary>
    internal class Array<T> : Array
    {
    }
}
