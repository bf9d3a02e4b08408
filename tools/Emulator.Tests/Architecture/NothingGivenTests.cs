using System.Reflection;
using Carveout.Board.Boards;
using Carveout.HeapBudget;
using Carveout.Video;
using Carveout.Video.Displays;

namespace Carveout.Emulator.Tests.Architecture;

/// <summary>Every public call of the libraries refuses null and impossible numbers by name, because on a device a NullReferenceException or
/// an index outside of an array does not say where it happened.</summary>
[TestClass]
public sealed class NothingGivenTests
{
    private static readonly CarveoutMemory s_memory = CarveoutMemory.Reserve(Esp32Cam.Create());
    private static readonly SlabAllocator s_slabs = new(s_memory.Pages, 16);
    private static readonly DmaAllocator s_dma = new(s_memory.Pages, 8, 8);
    private static readonly DmaDevice s_device = new("device", DmaEngines.General);
    private static readonly Vmalloc s_space = new(s_memory.Pages, 0xE0000000, 64);
    private static readonly IoMemory s_io = new(s_space, 4);

    /// <summary>An object of each type that can be made without hardware.</summary>
    private static readonly object[] s_objects =
    [
        s_memory, s_memory.Map, s_memory.Memory, s_memory.Pages, s_memory.Pages.ZoneAt(0), s_slabs, s_dma, s_space, s_io,
        new KmemCache(s_slabs, "cache", 32), new KmallocCaches(s_slabs), new Mempool("mempool", new KmemCache(s_slabs, "elements", 64), 1, 2),
        new OwnerTable(8), new FindingLog(4), new TraceRing(8, null), new ScatterList(4), new DescriptorChain(4, 4092, 4), new DmaStreaming(s_dma),
        s_device, new VmArea(s_io, "area", 0xF0000000, 4, VmFlags.Read), new Contract(s_dma), new VideoFormat(16, 16, PixelFormat.RGB565),
        s_memory.CreatePool(new VideoFormat(16, 16, PixelFormat.RGB565), 2, "pool"), s_memory.AllocFrame(new VideoFormat(16, 16, PixelFormat.RGB565), "frame"),
        new TestCard(16, 16, PixelFormat.RGB565), new PatternCamera(s_memory.Memory, new VideoFormat(16, 16, PixelFormat.RGB565)),
        new ConsoleDisplay(s_memory.Memory, new VideoFormat(16, 16, PixelFormat.RGB565), 4, 4), new Carveout.Buffers.BufferPool("buffers", 16, 2),
    ];

    [TestMethod]
    public void A_constructor_or_static_call_without_anything_says_what_is_missing()
    {
        string[] silent =
        [
            .. DeviceLibraries.All.SelectMany(library => library.GetExportedTypes()).Where(type => !type.IsEnum)
                .SelectMany(type => (IEnumerable<MethodBase>)[.. type.GetConstructors(), .. type.GetMethods(BindingFlags.Public | BindingFlags.Static)])
                .Where(call => !call.DeclaringType!.IsAbstract || call.IsStatic)
                .Where(call => call.GetParameters().Any(parameter => !parameter.ParameterType.IsValueType))
                .Select(call => Fault(call, null, Nothing(call))).OfType<string>(),
        ];
        Assert.IsEmpty(silent, string.Join('\n', silent));
    }

    [TestMethod]
    public void A_call_without_anything_says_what_is_missing()
    {
        s_dma.Attach(s_device);
        string[] silent =
        [
            .. s_objects.SelectMany(target => Calls(target).Where(call => call.GetParameters().Any(parameter => !parameter.ParameterType.IsValueType))
                .Select(call => Fault(call, target, Nothing(call)))).OfType<string>(),
        ];
        Assert.IsEmpty(silent, string.Join('\n', silent));
    }

    [TestMethod]
    public void Whatever_is_asked_for_by_an_index_looks_at_it()
    {
        int asked = 0;
        foreach (object target in s_objects)
        {
            foreach (MethodInfo call in Calls(target).Where(call => call.Name.EndsWith("At", StringComparison.Ordinal)
                && call.GetParameters() is [{ Name: "index" }]))
            {
                foreach (int index in (int[])[-1, int.MinValue, int.MaxValue])
                {
                    Exception? thrown = Thrown(call, target, [index]);
                    Assert.IsInstanceOfType<ArgumentOutOfRangeException>(thrown, $"{target.GetType().Name}.{call.Name}({index})");
                    Assert.Contains("expected", thrown.Message, $"{target.GetType().Name}.{call.Name}({index})");
                    asked++;
                }
            }
        }
        Assert.IsGreaterThan(80, asked);
    }

    private static IEnumerable<MethodInfo> Calls(object target) => target.GetType().GetMethods()
        .Where(call => call.DeclaringType != typeof(object) && !call.IsStatic && !call.IsSpecialName && call.Name is not ("Equals" or "Destroy" or "Dispose"));

    private static object?[] Nothing(MethodBase call) =>
        [.. call.GetParameters().Select(parameter => parameter.ParameterType is { IsValueType: true } type ? Activator.CreateInstance(type) : null)];

    private static string? Fault(MethodBase call, object? target, object?[] arguments) =>
        Thrown(call, target, arguments) is NullReferenceException or IndexOutOfRangeException or OverflowException or InvalidCastException
            ? $"{call.DeclaringType!.Name}.{call.Name}({string.Join(", ", call.GetParameters().Select(parameter => parameter.Name))})"
            : null;

    private static Exception? Thrown(MethodBase call, object? target, object?[] arguments)
    {
        try
        {
            _ = call is ConstructorInfo constructor ? constructor.Invoke(arguments) : call.Invoke(target, arguments);
            return null;
        }
        catch (TargetInvocationException thrown)
        {
            return thrown.InnerException;
        }
    }
}
