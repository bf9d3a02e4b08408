using System.Runtime.CompilerServices;
using Carveout.HeapBudget;
using Mono.Cecil;

namespace Carveout.Emulator.Tests.Architecture;

/// <summary>Who sees a library's internals: libraries above it, and tests of a type that is inside; never a tool, and nobody who does not look.</summary>
[TestClass]
public sealed class FriendTests
{
    private const string Friends = "Firmware/Friends.cs";

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

    private static IEnumerable<string> FriendsOf(AssemblyDefinition assembly) => assembly.CustomAttributes
        .Where(attribute => attribute.AttributeType.Name == nameof(InternalsVisibleToAttribute))
        .Select(attribute => (string)attribute.ConstructorArguments[0].Value);

    private static bool IsInternalOf(string library, MemberReference used) => used.DeclaringType.GetElementType().Scope.Name == library
        && used.Resolve() is MethodDefinition { IsAssembly: true } or FieldDefinition { IsAssembly: true };

    private static AssemblyDefinition Read(string library)
    {
        var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(AppContext.BaseDirectory);
        return AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, library + ".dll"), new ReaderParameters { AssemblyResolver = resolver });
    }
}
