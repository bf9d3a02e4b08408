using Carveout.Board.Boards;
using Carveout.Board.Native;
using Carveout.Emulator.Tests.Properties;
using Carveout.Video;

namespace Carveout.Emulator.Tests.Native;

/// <summary>The class for programs, over the C code of the firmware.</summary>
[TestClass]
[DoNotParallelize] // The process is one firmware.
public sealed class NativeRegionTests
{
    private const uint Start = 0x3F900000, Size = 0x10000;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Firmware_that_reserved_nothing_has_no_region()
    {
        RegionLibrary.ReserveNothing();
        Assert.IsNull(NativeRegion.Open());
    }

    [TestMethod]
    public void Region_says_where_it_lies_and_is_the_same_each_time()
    {
        NativeRegion region = RegionLibrary.Reserve(Start, Size, 64);
        Assert.AreEqual((Start, Size, 64, "native"), (region.Start, region.Size, region.CacheLine, region.Name));
        region.Fill(Start + Size - 1, 1, 0x5A);
        byte[] seen = new byte[1];
        NativeRegion.Open()!.Read(Start + Size - 1, seen, 0, 1);
        Assert.AreEqual(0x5A, seen[0]);
    }

    /// <summary>Firmware with two regions: each gives its own address, and together they are the memory of one program's frames.</summary>
    [TestMethod]
    public void Firmware_has_several_regions()
    {
        NativeRegion axi = RegionLibrary.Reserve(0x24034000, 0x5000, 32), d2 = RegionLibrary.ReserveNumber(1, 0x30000000, 0x8000, 32);
        Assert.IsNull(NativeRegion.Open(2));
        Refused("2 bytes at 0x30007fff do not lie in the native region 0x30000000-0x30007fff", () => d2.Fill(0x30007FFF, 2, 1));
        Refused("8 bytes at 0x24034000 do not lie in the native region 0x30000000-0x30007fff", () => d2.Copy(0x30000000, 0x24034000, 8));
        CarveoutMemory memory = FrameRegions.Reserve(BoardCatalog.Create(Stm32H743.Name), [axi, d2], [0x4000, 0x8000], [2, 1]);
        FramePool pool = memory.CreatePool(new VideoFormat(64, 64, PixelFormat.RGB565), 3, "movie");
        FrameBuffer[] frames = [.. Enumerable.Range(0, 3).Select(_ => pool.Rent("test"))];
        Assert.AreSequenceEqual(new[] { 0x24035000u, 0x24037000u, 0x30000000u }, frames.Select(frame => frame.Address));
        frames[0].Fill(255, 0, 0);
        frames[2].CopyFrom(frames[0]);
        byte[] pixels = new byte[2];
        d2.Read(0x30000000 + 8190, pixels, 0, 2);
        Assert.AreEqual(0xF800, pixels[0] | pixels[1] << 8);
    }

    /// <summary>Cache lines that the region shares with others do not belong to it.</summary>
    [TestMethod]
    public void Region_is_cut_to_whole_cache_lines()
    {
        NativeRegion region = RegionLibrary.Reserve(0x20000010, 100, 32);
        Assert.AreEqual((0x20000020u, 64u, 32), (region.Start, region.Size, region.CacheLine));
    }

    [TestMethod]
    public void Refusal_names_address_size_and_region()
    {
        NativeRegion region = RegionLibrary.Reserve(Start, Size, 32);
        const string Region = " do not lie in the native region 0x3f900000-0x3f90ffff";
        byte[] buffer = new byte[16];
        Refused("101 bytes at 0x3f90ff9c" + Region, () => region.Fill(Start + Size - 100, 101, 0));
        Refused("-1 bytes at 0x3f900000" + Region, () => region.CleanCache(Start, -1));
        Refused("1 bytes at 0x3f910000" + Region, () => region.InvalidateCache(Start + Size, 1));
        Refused("2 bytes at 0x3f8fffff" + Region, () => region.Read(Start - 1, buffer, 0, 2));
        Refused("2147483647 bytes at 0x3f900000" + Region, () => region.Write(Start, buffer, 0, int.MaxValue));
        // If one of two spans is wrong, it is named; if both are wrong, the source is.
        Refused("8 bytes at 0x00000008" + Region, () => region.Copy(8, Start, 8));
        Refused("8 bytes at 0xfffffff8" + Region, () => region.Copy(Start, 0xFFFFFFF8, 8));
        Refused("8 bytes at 0x00000008" + Region, () => region.Copy(8, 16, 8));
    }

    [TestMethod]
    public void Refusal_of_a_buffer_names_offset_length_and_the_buffer()
    {
        NativeRegion region = RegionLibrary.Reserve(Start, Size, 32);
        Refused("10 bytes from 7 on do not lie in a buffer of 16 bytes", () => region.Read(Start, new byte[16], 7, 10));
        Refused("1 bytes from -1 on do not lie in a buffer of 16 bytes", () => region.Write(Start, new byte[16], -1, 1));
        Refused("1 bytes from 2147483647 on do not lie in a buffer of 0 bytes", () => region.Write(Start, [], int.MaxValue, 1));
        Assert.ThrowsExactly<ArgumentNullException>(() => region.Read(Start, null!, 0, 1));
        Assert.ThrowsExactly<ArgumentNullException>(() => region.Write(Start, null!, 0, 0));
    }

    /// <summary>If the firmware takes the region back, objects that still refer to it are refused.</summary>
    [TestMethod]
    public void Region_that_is_gone_is_refused()
    {
        NativeRegion region = RegionLibrary.Reserve(Start, Size, 32);
        RegionLibrary.ReserveNothing();
        Refused("1 bytes at 0x3f900000", () => region.Fill(Start, 1, 0));
    }

    [TestMethod]
    public void Nothing_takes_from_the_managed_heap()
    {
        NativeRegion region = RegionLibrary.Reserve(Start, Size, 32);
        byte[] buffer = new byte[4096];
        long taken = ManagedHeap.LeastTaken(() =>
        {
            region.Fill(Start, 4096, 1);
            region.Copy(Start, Start + 8192, 4096);
            region.Read(Start, buffer, 0, 4096);
            region.Write(Start, buffer, 0, 4096);
            region.CleanCache(Start, 4096);
            region.InvalidateCache(Start, 4096);
        });
        Assert.AreEqual(0, taken);
    }

    /// <summary>The same calls on managed banks give the same bytes and the same refusals, for any arguments.</summary>
    [TestMethod]
    public void Random_calls_do_what_they_do_to_managed_memory()
    {
        var run = new PropertyRun(TestContext, 0xCA12E0);
        const uint At = 0x10000000;
        const int Bytes = 3000;
        NativeRegion native = RegionLibrary.Reserve(At, Bytes, 0);
        var managed = new ManagedMemory(At, Bytes);
        byte[] zero = new byte[Bytes];
        managed.Write(At, zero, 0, Bytes);
        run.Guard(() =>
        {
            for (int i = 0; i < TestSeed.Steps(4000); i++)
            {
                uint address = Address(run, At, Bytes), other = Address(run, At, Bytes);
                int length = Length(run, Bytes), offset = run.Chance(90) ? run.Random.Below(80) : (int)run.Random.Next();
                byte[] bytes = new byte[run.Random.Below(200)];
                new Random((int)run.Random.Next()).NextBytes(bytes);
                byte value = (byte)run.Random.Next();
                int kind = run.Random.Below(6);
                run.Begin($"kind {kind}: {length} bytes at {address:x8}, {other:x8}, buffer of {bytes.Length} from {offset}");
                byte[] ours = [.. bytes], theirs = [.. bytes];
                run.ExpectEqual(Does(kind, managed, theirs), Does(kind, native, ours), "refused");
                run.Expect(ours.AsSpan().SequenceEqual(theirs), "the buffer differs");
                run.Expect(Contents(native).AsSpan().SequenceEqual(Contents(managed)), "memory differs");

                int Does(int which, PhysicalMemory memory, byte[] buffer)
                {
                    try
                    {
                        switch (which)
                        {
                            case 0: memory.Fill(address, length, value); break;
                            case 1: memory.Copy(address, other, length); break;
                            case 2: memory.Read(address, buffer, offset, length); break;
                            case 3: memory.Write(address, buffer, offset, length); break;
                            case 4: memory.CleanCache(address, length); break;
                            default: memory.InvalidateCache(address, length); break;
                        }
                        return 0;
                    }
                    catch (ArgumentException)
                    {
                        return 1;
                    }
                }
            }
        });

        byte[] Contents(PhysicalMemory memory)
        {
            byte[] bytes = new byte[Bytes];
            memory.Read(At, bytes, 0, Bytes);
            return bytes;
        }
    }

    private static uint Address(PropertyRun run, uint start, int size) => run.Random.Below(10) switch
    {
        0 => (uint)run.Random.Next(),
        1 => start - (uint)run.Random.Below(4),
        2 => start + (uint)size - 4 + (uint)run.Random.Below(8),
        _ => start + (uint)run.Random.Below(size),
    };

    private static int Length(PropertyRun run, int size) => run.Random.Below(10) switch
    {
        0 => (int)run.Random.Next(),
        1 => run.Random.Below(size + 8),
        _ => run.Random.Below(64),
    };

    private static void Refused(string message, Action action) =>
        Assert.Contains(message, Assert.ThrowsExactly<ArgumentOutOfRangeException>(action).Message);
}
