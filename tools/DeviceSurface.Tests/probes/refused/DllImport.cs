// error NFS008: a type without code has no line of its own in the pdb
// The attribute is declared here, because without it the compiler would refuse the probe as it does any unknown name.
using System;
using System.Runtime.InteropServices;

namespace Probe
{
    public static class DllImport
    {
        [DllImport("native")]
        public static extern int Read();
    }
}

namespace System.Runtime.InteropServices
{
    [AttributeUsage(AttributeTargets.Method)]
    public sealed class DllImportAttribute : Attribute
    {
        public DllImportAttribute(string library)
        {
        }
    }
}
