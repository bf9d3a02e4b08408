using System;

namespace Carveout.Memory
{
    /// <summary>What an application may do in a <see cref="VmArea"/>: the kernel's VM_READ and VM_WRITE.</summary>
    [Flags]
    public enum VmFlags
    {
        /// <summary>Reading.</summary>
        Read = 1,

        /// <summary>Writing.</summary>
        Write = 2,
    }
}
