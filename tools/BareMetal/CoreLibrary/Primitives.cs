// The types that the C# compiler and ILC know by name. There are no floating-point numbers, because half of the processors have no
// instructions for them.

namespace System
{
    /// <summary>The root of every class: one word that identifies the class.</summary>
    public class Object
    {
        internal unsafe Internal.Runtime.MethodTable* Type;

        public Object()
        {
        }

        ~Object()
        {
        }
    }

    public abstract class ValueType
    {
    }

    public abstract class Enum : ValueType
    {
    }

    public struct Void
    {
    }

    public struct Boolean
    {
        private bool _value;
    }

    public struct Char
    {
        private char _value;
    }

    public struct SByte
    {
        private sbyte _value;
    }

    public struct Byte
    {
        private byte _value;
    }

    public struct Int16
    {
        private short _value;
    }

    public struct UInt16
    {
        private ushort _value;
    }

    public struct Int32
    {
        public const int MaxValue = 0x7FFFFFFF, MinValue = -0x7FFFFFFF - 1;

        private int _value;

        /// <summary>Decimal digits, with a minus sign if the number is negative.</summary>
        public string ToString()
        {
            return NumberText.Of(_value);
        }
    }

    public struct UInt32
    {
        public const uint MaxValue = 0xFFFFFFFF, MinValue = 0;

        private uint _value;

        /// <summary>Decimal digits.</summary>
        public string ToString()
        {
            return NumberText.Of(_value);
        }
    }

    public struct Int64
    {
        public const long MaxValue = 0x7FFFFFFFFFFFFFFF, MinValue = -0x7FFFFFFFFFFFFFFF - 1;

        private long _value;

        /// <summary>Decimal digits, with a minus sign if the number is negative.</summary>
        public string ToString()
        {
            return NumberText.Of(_value);
        }
    }

    public struct UInt64
    {
        public const ulong MaxValue = 0xFFFFFFFFFFFFFFFF, MinValue = 0;

        private ulong _value;
    }

    public unsafe struct IntPtr
    {
        private void* _value;
    }

    public unsafe struct UIntPtr
    {
        private void* _value;
    }

    public struct Nullable<T> where T : struct
    {
    }

    public abstract class Delegate
    {
    }

    public abstract class MulticastDelegate : Delegate
    {
    }

    public abstract class Type
    {
    }

    internal sealed class RuntimeType : Type
    {
    }

    public struct RuntimeTypeHandle
    {
    }

    public struct RuntimeFieldHandle
    {
    }

    internal static class AppContext
    {
    }
}
