// Attributes that the C# compiler writes by itself, or reads.

namespace System
{
    public class Attribute
    {
    }

    public enum AttributeTargets
    {
        All = 0x7FFF,
    }

    public sealed class AttributeUsageAttribute : Attribute
    {
        public AttributeUsageAttribute(AttributeTargets validOn)
        {
        }

        public bool AllowMultiple { get; set; }

        public bool Inherited { get; set; }
    }

    public sealed class FlagsAttribute : Attribute
    {
    }

    public sealed class ParamArrayAttribute : Attribute
    {
    }
}

namespace System.Diagnostics
{
    public sealed class ConditionalAttribute : Attribute
    {
        public ConditionalAttribute(string conditionString)
        {
        }
    }
}

namespace System.Reflection
{
    public sealed class DefaultMemberAttribute : Attribute
    {
        public DefaultMemberAttribute(string memberName)
        {
        }
    }
}

namespace System.Runtime
{
    /// <summary>Gives a method a name for the linker.</summary>
    internal sealed class RuntimeExportAttribute : Attribute
    {
        public RuntimeExportAttribute(string entry)
        {
        }
    }

    /// <summary>Says which of the linker's symbols a method stands for.</summary>
    internal sealed class RuntimeImportAttribute : Attribute
    {
        public RuntimeImportAttribute(string library, string entry)
        {
        }
    }
}

namespace System.Runtime.CompilerServices
{
    public enum MethodImplOptions
    {
        NoInlining = 8,
        AggressiveInlining = 256,
        InternalCall = 4096,
    }

    public sealed class MethodImplAttribute : Attribute
    {
        public MethodImplAttribute(MethodImplOptions options)
        {
        }
    }

    public sealed class IntrinsicAttribute : Attribute
    {
    }

    public sealed class CompilerGeneratedAttribute : Attribute
    {
    }

    public sealed class ExtensionAttribute : Attribute
    {
    }

    public sealed class IsVolatile
    {
    }

    public static class RuntimeFeature
    {
    }

    public static class RuntimeHelpers
    {
        /// <summary>The distance from a string's reference to its first character.</summary>
        public static unsafe int OffsetToStringData { get { return sizeof(nint) + sizeof(int); } }

        [Intrinsic]
        public static extern void InitializeArray(Array array, RuntimeFieldHandle data);
    }
}

namespace System.Runtime.InteropServices
{
    public sealed class UnmanagedType
    {
    }
}
