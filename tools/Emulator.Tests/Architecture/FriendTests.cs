using System.Runtime.CompilerServices;
using Carveout.HeapBudget;
using Mono.Cecil;

namespace Carveout.Emulator.Tests.Architecture;

/// <summary>Who sees a library's internals: libraries above it, and tests of internal types. No tool does, and nobody who does not use
/// them.</summary>
[TestClass]
public sealed class FriendTests
{
    private const string Friends = "Firmware/Friends.cs";

    /// <summary>Page maps and inner parts of pixels, which users reach through other types, and what replaces firmware on a host.</summary>
    private static readonly string[] s_allowed =
    [
        "Carveout.Displays Carveout.Emulator.Tests BayerDither", "Carveout.Displays Carveout.Emulator.Tests LineScaler",
        "Carveout.Displays Carveout.Emulator.Tests PixelConverter", "Carveout.Displays Carveout.Frames.Tests BayerDither",
        "Carveout.Displays Carveout.Frames.Tests LineScaler", "Carveout.Displays Carveout.Frames.Tests PixelConverter",
        "Carveout.Dma Carveout.Virtual.Tests Tlb", "Carveout.Native Carveout.Emulator.Tests NativeMethods",
        "Carveout.Native Carveout.Emulator.Tests NativeStatus", "Carveout.Pages Carveout.Emulator.Tests FreeBlockMap",
        "Carveout.Pages Carveout.Emulator.Tests PageMap", "Carveout.Pages Carveout.Emulator.Tests RunMap",
    ];

    public static IEnumerable<string> Libraries => DeviceLibraries.All.Select(library => library.GetName().Name!).Append("Carveout.Native");

    [TestMethod]
    public void One_file_says_who_is_a_friend()
    {
        string[] files =
        [
            .. ((string[])["Board", "Firmware", "Firmware.Tests"]).SelectMany(folder =>
                    Directory.EnumerateFiles(Path.Combine(Checkout.Folder, folder), "*.cs", SearchOption.AllDirectories))
                .Where(file => File.ReadAllText(file).Contains(nameof(InternalsVisibleToAttribute)[..^9], StringComparison.Ordinal))
                .Select(file => Path.GetRelativePath(Checkout.Folder, file).Replace('\\', '/')),
        ];
        Assert.AreEqual(Friends, string.Join(", ", files));
    }

    [TestMethod]
    [DynamicData(nameof(Libraries))]
    public void Friends_are_libraries_above_and_tests(string library)
    {
        using AssemblyDefinition assembly = Read(library);
        foreach (string friend in FriendsOf(assembly))
        {
            bool isTest = friend.EndsWith(".Tests", StringComparison.Ordinal) || friend == "NFUnitTest";
            Assert.IsTrue(isTest || Libraries.Contains(friend), $"{library} shows its internals to {friend}, which is neither a library nor tests");
            if (!isTest)
            {
                using AssemblyDefinition above = Read(friend);
                Assert.IsTrue(above.MainModule.GetMemberReferences().Any(used => IsInternalOf(library, used))
                    || above.MainModule.GetTypeReferences().Any(type => type.Scope.Name == library && type.Resolve() is { IsPublic: false }),
                    $"{friend} sees {library}'s internals and uses none");
            }
        }
    }

    /// <summary>A test sees what a user sees, except for a few internal types.</summary>
    [TestMethod]
    public void Tests_use_no_other_internals_than_these_types()
    {
        string[] tests =
        [
            Path.Combine(AppContext.BaseDirectory, "Carveout.Emulator.Tests.dll"),
            // The tests of Firmware.Tests, if they have been built.
            .. Directory.EnumerateFiles(Path.Combine(Checkout.Folder, "Firmware.Tests"), "Carveout.*.Tests.dll", SearchOption.AllDirectories)
                .Where(file => file.Replace('\\', '/').Contains("/bin/host/Debug/", StringComparison.Ordinal)),
        ];
        var used = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string test in tests)
        {
            using AssemblyDefinition assembly = Read(test, Path.GetDirectoryName(test)!);
            foreach (string library in Libraries)
            {
                foreach (MemberReference member in assembly.MainModule.GetMemberReferences().Where(member => IsInternalOf(library, member)))
                {
                    used.Add($"{library} {assembly.Name.Name} {member.DeclaringType.Name}");
                }
                foreach (TypeReference type in assembly.MainModule.GetTypeReferences().Where(type => type.Scope.Name == library && type.Resolve() is { IsPublic: false, IsNested: false }))
                {
                    used.Add($"{library} {assembly.Name.Name} {type.Name}");
                }
            }
        }
        Assert.IsEmpty(used.Except(s_allowed), string.Join('\n', used.Except(s_allowed)));
    }

    private static IEnumerable<string> FriendsOf(AssemblyDefinition assembly) => assembly.CustomAttributes
        .Where(attribute => attribute.AttributeType.Name == nameof(InternalsVisibleToAttribute))
        .Select(attribute => (string)attribute.ConstructorArguments[0].Value);

    private static bool IsInternalOf(string library, MemberReference used) => used.DeclaringType.GetElementType().Scope.Name == library
        && used.Resolve() is MethodDefinition { IsAssembly: true } or FieldDefinition { IsAssembly: true };

    private static AssemblyDefinition Read(string library) => Read(Path.Combine(AppContext.BaseDirectory, library + ".dll"), AppContext.BaseDirectory);

    private static AssemblyDefinition Read(string file, string folder)
    {
        var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(folder);
        return AssemblyDefinition.ReadAssembly(file, new ReaderParameters { AssemblyResolver = resolver });
    }
}
