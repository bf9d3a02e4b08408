using System.Runtime.CompilerServices;
using Internal.Runtime;

namespace System
{
    /// <summary>Text: a length, followed by as many UTF-16 units. The compiler lays out literals in this order.</summary>
    public sealed class String
    {
        private readonly int _length;
        private char _first;

        /// <summary>Replaced by <see cref="Ctor"/>, because the length must be known before there is an object.</summary>
        public extern String(char[] value);

        public int Length { get { return _length; } }

        public unsafe char this[int index]
        {
            get
            {
                if ((uint)index >= (uint)_length)
                {
                    throw new IndexOutOfRangeException();
                }
                fixed (char* first = &_first)
                {
                    return first[index];
                }
            }
        }

        public static bool operator ==(string left, string right)
        {
            if ((object)left == (object)right)
            {
                return true;
            }
            if ((object)left == null || (object)right == null || left._length != right._length)
            {
                return false;
            }
            for (int i = 0; i < left._length; i++)
            {
                if (left[i] != right[i])
                {
                    return false;
                }
            }
            return true;
        }

        public static bool operator !=(string left, string right)
        {
            return !(left == right);
        }

        public static string Concat(string first, string second)
        {
            return Concat(first, second, "", "");
        }

        public static string Concat(string first, string second, string third)
        {
            return Concat(first, second, third, "");
        }

        public static string Concat(string first, string second, string third, string fourth)
        {
            string text = Allocate(LengthOf(first) + LengthOf(second) + LengthOf(third) + LengthOf(fourth));
            int end = text.Put(0, first);
            end = text.Put(end, second);
            end = text.Put(end, third);
            text.Put(end, fourth);
            return text;
        }

        public static string Concat(params string[] parts)
        {
            int length = 0;
            for (int i = 0; i < parts.Length; i++)
            {
                length += LengthOf(parts[i]);
            }
            string text = Allocate(length);
            int end = 0;
            for (int i = 0; i < parts.Length; i++)
            {
                end = text.Put(end, parts[i]);
            }
            return text;
        }

        public string Substring(int startIndex, int length)
        {
            if (startIndex < 0 || length < 0 || length > _length - startIndex)
            {
                throw new ArgumentOutOfRangeException(nameof(startIndex), "Substring: outside the text");
            }
            string text = Allocate(length);
            for (int i = 0; i < length; i++)
            {
                text.Set(i, this[startIndex + i]);
            }
            return text;
        }

        /// <summary>A text of zeros, to be written before anybody else sees it.</summary>
        internal static unsafe string Allocate(int length)
        {
            // Any literal has the address of this class.
            void* made = ManagedHeap.NewArray("".Type, length);
            return *(string*)&made;
        }

        internal unsafe void Set(int index, char value)
        {
            fixed (char* first = &_first)
            {
                first[index] = value;
            }
        }

        /// <summary>The compiler calls this for <c>new string(char[])</c>.</summary>
        private static string Ctor(char[] value)
        {
            string text = Allocate(value.Length);
            for (int i = 0; i < value.Length; i++)
            {
                text.Set(i, value[i]);
            }
            return text;
        }

        private static int LengthOf(string text)
        {
            return (object)text == null ? 0 : text._length;
        }

        private int Put(int at, string text)
        {
            int length = LengthOf(text);
            for (int i = 0; i < length; i++)
            {
                Set(at + i, text[i]);
            }
            return at + length;
        }
    }
}
