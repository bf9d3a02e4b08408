using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Mono.Cecil;
using ModuleDefinition = Mono.Cecil.ModuleDefinition;

namespace Carveout.IlCounter;

/// <summary>Reads an assembly to be instrumented, or refuses it.</summary>
internal static class OriginalAssembly
{
    /// <summary>The module of an assembly's file, in memory; the file is closed.</summary>
    /// <exception cref="InstrumentationException">The file is not a managed assembly, or holds native code.</exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static ModuleDefinition Read(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw new InstrumentationException("the path of an assembly is empty");
        if (Directory.Exists(path))
            throw new InstrumentationException($"{path}: a folder, not an assembly");

        byte[] image = File.ReadAllBytes(path);
        return Guard(path, () => Read(image));
    }

    /// <summary>Runs a step that reads an assembly's content, and turns every exception about malformed content into one kind.</summary>
    /// <remarks>On damaged metadata a reader may throw any exception, so all of them have the same meaning here.</remarks>
    public static T Guard<T>(string path, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (InstrumentationException refused)
        {
            throw new InstrumentationException($"{path}: {refused.Message}", refused);
        }
        catch (Exception cause)
        {
            throw new InstrumentationException($"{path}: not a managed assembly ({cause.Message})", cause);
        }
    }

    private static ModuleDefinition Read(byte[] image)
    {
        RefuseWhatIsNotPureIl(image);
        var module = ModuleDefinition.ReadModule(new MemoryStream(image), new ReaderParameters(ReadingMode.Immediate));
        if (module.Assembly == null)
            throw new InstrumentationException("a module without an assembly manifest");
        return module;
    }

    private static void RefuseWhatIsNotPureIl(byte[] image)
    {
        using var reader = new PEReader(new MemoryStream(image));
        if (!reader.HasMetadata)
            throw new InstrumentationException("not a managed assembly (it holds no .NET metadata)");

        // This refuses tables that are larger than the file. Cecil would first allocate as many rows as a damaged count says.
        reader.GetMetadataReader();

        // Ready-to-run and mixed-mode images contain native code, which would run without being counted, or be lost.
        if ((reader.PEHeaders.CorHeader!.Flags & CorFlags.ILOnly) == 0)
            throw new InstrumentationException("holds native code beside its IL");
    }
}
