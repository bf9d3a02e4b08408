namespace Internal.Runtime
{
    /// <summary>What the compiler tells a runtime about the program: a header and rows behind it.</summary>
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
        /// <summary>Where the objects are that hold static fields with references.</summary>
        internal const int StaticObjects = 201;

        /// <summary>The static constructors.</summary>
        internal const int StaticConstructors = 205;

        internal int Id;
        internal int Flags;
        internal byte* Start;
        internal byte* End;
    }
}
