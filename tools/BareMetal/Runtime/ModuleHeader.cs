namespace Internal.Runtime
{
    /// <summary>The compiler's description of the program: a header, followed by rows.</summary>
    internal struct ModuleHeader
    {
        internal uint Magic;
        internal ushort Major, Minor;
        internal uint Flags;
        internal ushort Rows;
        internal byte RowSize, RowType;
    }

    /// <summary>One table of the program.</summary>
    internal unsafe struct ModuleRow
    {
        /// <summary>The table of objects that hold static fields with references.</summary>
        internal const int StaticObjects = 201;

        /// <summary>The table of static constructors.</summary>
        internal const int StaticConstructors = 205;

        internal int Id;
        internal int Flags;
        internal byte* Start;
        internal byte* End;
    }
}
