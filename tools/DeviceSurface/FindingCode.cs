namespace Carveout.DeviceSurface;

/// <summary>The codes of the findings. README.md has them as a table.</summary>
internal static class FindingCode
{
    /// <summary>A command line or an assembly that cannot be used. Not a finding about device code.</summary>
    public const string Unusable = "NFS000";

    public const string Generic = "NFS001";
    public const string MultidimensionalArray = "NFS002";

    /// <summary>Pointers and the instructions that the interpreter lists as unsupported.</summary>
    public const string Unmanaged = "NFS003";

    /// <summary>Overflow checks, which the device leaves out silently. An array size or index of type long contains one.</summary>
    public const string OverflowCheck = "NFS004";

    /// <summary>More locals, arguments or stack slots than fit into a byte.</summary>
    public const string TooManySlots = "NFS005";

    public const string FixedBuffer = "NFS006";
    public const string InterfaceBody = "NFS007";
    public const string PlatformInvoke = "NFS008";

    /// <summary>A test method that uses its instance: the device calls it with null.</summary>
    public const string TestInstance = "NFS009";

    /// <summary>A native method in an assembly that does not say which firmware it needs.</summary>
    public const string NativeVersion = "NFS010";

    /// <summary>More byte code than a .pe can address.</summary>
    public const string ByteCode = "NFS011";

    /// <summary>More bytes of names and literals than a .pe can address.</summary>
    public const string Strings = "NFS012";

    /// <summary>More types, members, references or signatures than a .pe can address.</summary>
    public const string Table = "NFS013";

    /// <summary>More members of a type, targets of a switch or handlers of a method than fit into a byte.</summary>
    public const string ByteCount = "NFS014";

    /// <summary>A row of test data that the launcher cannot read.</summary>
    public const string DataRow = "NFS015";

    /// <summary>A sum that may wrap around, compared before a call that relies on it.</summary>
    public const string WrappingSum = "NFS016";

    /// <summary>A static field that stays null if its initializer runs out of memory.</summary>
    public const string StaticAllocation = "NFS017";
}
