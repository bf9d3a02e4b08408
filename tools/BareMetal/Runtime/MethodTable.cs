namespace Internal.Runtime
{
    /// <summary>The beginning of the compiler's description of a class. Each object's first word points to one.</summary>
    internal unsafe struct MethodTable
    {
        private uint _flags;
        private uint _baseSize;
        private MethodTable* _base;

        /// <summary>Bytes of an element of an array or string.</summary>
        internal uint ElementSize { get { return _flags & 0xFFFF; } }

        /// <summary>Bytes of an object, or of an array without elements. The compiler also counts a word before the object, for a lock and
        /// a hash code, which nobody uses here.</summary>
        internal uint Size { get { return _baseSize - 4; } }

        /// <summary>The base class; null for System.Object.</summary>
        internal MethodTable* Base { get { return _base; } }
    }
}
