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

    /// <summary>More locals, arguments or stack slots than a byte counts.</summary>
    public const string TooManySlots = "NFS005";

    public const string FixedBuffer = "NFS006";
    public const string InterfaceBody = "NFS007";
    public const string PlatformInvoke = "NFS008";

    /// <summary>A test method that uses its instance: the device calls it with null.</summary>
    public const string TestInstance = "NFS009";

    /// <summary>A native method in an assembly that does not say which firmware it needs.</summary>
    public const string NativeVersion = "NFS010";
}
