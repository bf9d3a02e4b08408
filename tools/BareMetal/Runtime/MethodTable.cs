namespace Internal.Runtime
{
    /// <summary>The beginning of what the compiler says about a class; each object's first word points to one.</summary>
    internal unsafe struct MethodTable
    {
        private uint _flags;
        private uint _baseSize;
        private MethodTable* _base;

        /// <summary>Bytes of an element of an array or string.</summary>
        internal uint ElementSize { get { return _flags & 0xFFFF; } }

        /// <summary>Bytes of an object, or of an array without elements. The compiler counts a word in front of the object, for a lock and a
        /// hash code, which nobody has here.</summary>
        internal uint Size { get { return _baseSize - 4; } }

        /// <summary>The class that a class extends; null for System.Object.</summary>
        internal MethodTable* Base { get { return _base; } }
    }
}
