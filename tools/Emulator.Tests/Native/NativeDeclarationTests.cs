using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Carveout.Board.Native;
using Mono.Cecil;

namespace Carveout.Emulator.Tests.Native;

/// <summary>Compares the managed declarations with the firmware's: if they differ, a device does not load the assembly, or calls the wrong
/// method.</summary>
[TestClass]
public sealed partial class NativeDeclarationTests
{
    private static readonly string s_native = Path.Combine(Checkout.Folder, "Board", "Native");

    private static readonly string s_configuration =
        typeof(NativeDeclarationTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    /// <summary>Published pairs of a table and its checksum: nanoFramework.ResourceManager 1.2.32 in nf-interpreter
    /// (src/nanoFramework.ResourceManager), and the sample of an interop library (samples/Interop/awesome-library of
    /// github.com/nanoframework/Samples), made by a newer metadata processor.</summary>
    [TestMethod]
    public void Checksum_is_what_metadata_processors_made_of_published_libraries()
    {
        const string Manager = "System_Resources_ResourceManager", Utility = "nanoFramework_Runtime_Native_ResourceUtility";
        NativeDeclarations.Row managed = NativeDeclarations.Row.Managed;
        Assert.AreEqual(0xDCD7DF4D, NativeDeclarations.Checksum("nanoFramework.ResourceManager",
        [
            new(Manager, "GetObjectInternal___OBJECT__I2"),
            new(Manager, "GetObjectInternal___OBJECT__I2__I4__I4"),
            managed, managed, managed, managed, managed, managed, managed, managed, managed,
            new(Manager, "FindResource___STATIC__I4__STRING__SystemReflectionAssembly"),
            new(Manager, "GetObject___STATIC__OBJECT__SystemResourcesResourceManager__SystemEnum"),
            new(Utility, "GetObject___STATIC__OBJECT__SystemResourcesResourceManager__SystemEnum"),
            new(Utility, "GetObject___STATIC__OBJECT__SystemResourcesResourceManager__SystemEnum__I4__I4"),
            managed, managed,
        ], NativeDeclarations.Rule.Null));
        Assert.AreEqual(0x94FA78F3, NativeDeclarations.Checksum("NF.AwesomeLib",
        [
            managed, managed,
            new("NF_AwesomeLib_Math", "NativeSuperComplicatedCalculation___STATIC__R8__R8"),
            managed, managed,
            new("NF_AwesomeLib_Utilities", "NativeGetHardwareSerial___STATIC__VOID__SZARRAY_U1"),
        ], NativeDeclarations.Rule.NullPtr));
    }

    [TestMethod]
    public void Table_has_a_row_for_every_method_in_the_order_of_the_metadata()
    {
        using AssemblyDefinition assembly = Device();
        string[] expected =
        [
            .. NativeDeclarations.Of(assembly).Select(row => row.IsNative ? $"Library_Carveout_Native_{row.Class}::{row.Method}" : "nullptr"),
        ];
        string table = Read("interop/Carveout_Native.cpp").Split("method_lookup[] =")[1].Split('}')[0];
        string[] rows = [.. Row().Matches(table).Select(match => match.Value)];
        Assert.AreSequenceEqual(expected, rows, string.Join('\n', expected));
        Assert.HasCount(9, rows.Where(row => row != "nullptr"));
    }

    /// <summary>nanoFramework 2 numbers native methods by name, 1.x by their order in the metadata. In this order both give the same
    /// rows.</summary>
    [TestMethod]
    public void Native_methods_come_first_and_in_the_order_of_their_names()
    {
        using AssemblyDefinition assembly = Device();
        NativeDeclarations.Row[] rows = NativeDeclarations.Of(assembly);
        string[] native = [.. rows.TakeWhile(row => row.IsNative).Select(row => row.Method)];
        Assert.HasCount(rows.Count(row => row.IsNative), native);
        Assert.AreSequenceEqual(native.Order(StringComparer.Ordinal).ToArray(), native);
    }

    [TestMethod]
    public void Header_declares_the_native_methods()
    {
        using AssemblyDefinition assembly = Device();
        string[] expected = [.. NativeDeclarations.Of(assembly).Where(row => row.IsNative).Select(row => row.Method)];
        string[] declared = [.. Declaration().Matches(Read("interop/Carveout_Native.h")).Select(match => match.Groups[1].Value)];
        Assert.AreSequenceEqual(expected, declared);
    }

    [TestMethod]
    public void Firmware_has_the_checksum_and_the_version_of_the_assembly()
    {
        using AssemblyDefinition assembly = Device();
        NativeDeclarations.Row[] rows = NativeDeclarations.Of(assembly);
        uint older = NativeDeclarations.Checksum("Carveout.Native", rows, NativeDeclarations.Rule.Null);
        uint newer = NativeDeclarations.Checksum("Carveout.Native", rows, NativeDeclarations.Rule.NullPtr);
        GroupCollection listed = ListedAssembly().Match(Read("interop/Carveout_Native.cpp")).Groups;
        Assert.AreEqual(older.ToString("X8", CultureInfo.InvariantCulture), listed[1].Value);
        string guide = File.ReadAllText(Path.Combine(Checkout.Folder, "docs", "native.md"));
        Assert.Contains($"0x{older:X8}", guide);
        Assert.Contains($"0x{newer:X8}", guide);

        string version = (string)assembly.CustomAttributes.Single(a => a.AttributeType.Name == "AssemblyNativeVersionAttribute")
            .ConstructorArguments[0].Value;
        Assert.AreEqual(version, string.Join('.', Enumerable.Range(2, 4).Select(part => listed[part].Value)));
    }

    [TestMethod]
    public void Host_has_the_methods_of_the_device()
    {
        using AssemblyDefinition assembly = Device();
        using AssemblyDefinition host = AssemblyDefinition.ReadAssembly(typeof(NativeRegion).Assembly.Location);
        string[] ours = Signatures(host), theirs = Signatures(assembly);
        Assert.IsNotEmpty(theirs);
        Assert.IsEmpty(theirs.Except(ours), string.Join('\n', ours));

        static string[] Signatures(AssemblyDefinition assembly) =>
            [.. assembly.MainModule.GetType(typeof(NativeMethods).FullName!).Methods.Select(method => method.FullName)];
    }

    [TestMethod]
    public void Both_sides_count_the_answers_alike()
    {
        Dictionary<string, int> ours = typeof(NativeStatus).GetFields(BindingFlags.Static | BindingFlags.NonPublic)
            .ToDictionary(field => field.Name.ToUpperInvariant(), field => (int)field.GetRawConstantValue()!);
        Dictionary<string, int> theirs = Status().Matches(Read("core/carveout_region.h"))
            .ToDictionary(match => match.Groups[1].Value.Replace("_", ""), match => int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
        Assert.AreSequenceEqual(ours.OrderBy(answer => answer.Key), theirs.OrderBy(answer => answer.Key));
        Assert.HasCount(6, theirs);
    }

    /// <summary>The surface check allows native methods in an assembly with this attribute.</summary>
    [TestMethod]
    public void No_other_device_assembly_asks_for_native_methods()
    {
        string[] found =
        [
            .. ((string[])["Board", "Firmware", "Firmware.Tests"]).SelectMany(folder =>
                    Directory.GetFiles(Path.Combine(Checkout.Folder, folder), "*.cs", SearchOption.AllDirectories))
                .Where(file => File.ReadAllText(file).Contains("assembly: AssemblyNativeVersion", StringComparison.Ordinal)),
        ];
        Assert.AreEqual(Path.Combine(s_native, "Properties", "NativeVersion.cs"), found.Single());
    }

    private static AssemblyDefinition Device() =>
        AssemblyDefinition.ReadAssembly(Path.Combine(s_native, "bin", "device", s_configuration, "Carveout.Native.dll"));

    private static string Read(string file) => File.ReadAllText(Path.Combine(s_native, file));

    [GeneratedRegex(@"nullptr|Library_\w+::\w+")]
    private static partial Regex Row();

    [GeneratedRegex(@"NANOCLR_NATIVE_DECLARE\((\w+)\)")]
    private static partial Regex Declaration();

    /// <summary>The expression by which nf-interpreter's CMake/Modules/FindNF_NativeAssemblies.cmake finds checksum and version of what it
    /// builds in: the first number with 0x behind the name, with no digit 0 before it.</summary>
    [GeneratedRegex(@"[ \t\r\n]+CLR_RT_NativeAssemblyData[ \t\r\n]+g_CLR_AssemblyNative_Carveout_Native[ \t\r\n]*=[^{]+{[^0]+0x([0-9A-Za-z]+)[^{]+{"
        + @"[ \t\r\n]*([0-9]+)[ \t\r\n]*,[ \t\r\n]*([0-9]+)[ \t\r\n]*,[ \t\r\n]*([0-9]+)[ \t\r\n]*,[ \t\r\n]*([0-9]+)")]
    private static partial Regex ListedAssembly();

    [GeneratedRegex(@"CARVEOUT_([A-Z_]+) = (\d)")]
    private static partial Regex Status();
}
