using System.Text;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Carveout.DeviceSurface;

/// <summary>The table that the names and literals of a .pe share: each once, in UTF-8 with a zero behind it.</summary>
internal static class StoredStrings
{
    /// <summary>An upper bound for what the metadata processor writes, since it leaves out about 860 names, such as System or .ctor, that
    /// the runtime has.</summary>
    public static int SizeOf(StoredMetadata stored)
    {
        var strings = new HashSet<string>(StringComparer.Ordinal) { "", stored.Module.Assembly.Name.Name };
        strings.UnionWith(stored.TypeReferences.Select(t => t.Scope).OfType<AssemblyNameReference>().Select(a => a.Name));
        strings.UnionWith(stored.TypeReferences.Concat(stored.Types).SelectMany(t => new[] { t.Namespace, t.Name }));
        strings.UnionWith(stored.MemberReferences.Concat(stored.Fields).Concat(stored.Methods).Select(m => m.Name));
        strings.UnionWith(stored.Instructions.Where(i => i.OpCode.Code == Code.Ldstr).Select(i => (string)i.Operand));
        strings.UnionWith(stored.Attributes.SelectMany(AttributeValues.Of).Select(a => a.Value).OfType<string>());
        return strings.Sum(s => Encoding.UTF8.GetByteCount(s) + 1);
    }
}
