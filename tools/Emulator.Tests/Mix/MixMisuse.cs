using Carveout.Emulator.Tests.Properties;

namespace Carveout.Emulator.Tests.Mix;

/// <summary>Calls that no client may make: each must be refused with a message that names the memory, and change nothing.</summary>
internal sealed class MixMisuse(MixBoard board, AllocatorMix mix, PropertyRun run)
{
    /// <summary>Refusals so far.</summary>
    public long Refused { get; private set; }

    public void Step()
    {
        MixItem? item = mix.Draw();
        if (item == null)
        {
            Refuse("0x", () => board.Pages.FreePages(0x1000));
            return;
        }
        uint address = item.Address;
        string hex = $"0x{address >> 12:x5}";
        switch (run.Random.Below(8))
        {
            case 0:
                // This address is inside the item, for every allocator.
                Refuse("0x", () => board.Pages.FreePages(address + 4));
                Refuse("0x", () => board.Kmalloc.Kfree(address + 4));
                Refuse("0x", () => board.Space.Free(address + 4));
                Refuse("0x", () => board.Reserve.Free(address + 4));
                Refuse("0x", () => board.Descriptors.Free(address + 4, item.Handle + 4));
                break;
            case 1 when item.Kind != MixKind.Kmalloc:
                Refuse(hex, () => board.Kmalloc.Kfree(address));
                Refuse(hex, () => board.Kmalloc.Ksize(address));
                Refuse(hex, () => board.Kmalloc.Krealloc(address, 100, GfpFlags.Kernel));
                break;
            case 2 when item.Kind != MixKind.Object:
                Refuse(hex, () => board.Objects.Free(address));
                break;
            case 3 when item.Kind != MixKind.Pooled:
                Refuse(hex, () => board.Dma.FreeCoherent(board.Camera, item.Size + 1, address, item.Handle));
                Refuse(hex, () => board.Dma.FreeCoherent(board.Display, item.Size, address, item.Handle));
                break;
            case 4 when item.Mapping != 0:
                if (item.Kind is MixKind.Pages or MixKind.Bytes or MixKind.Exact)
                {
                    Refuse("free while mapped", () => board.Pages.FreePages(address));
                }
                else if (item.Kind == MixKind.Kmalloc)
                {
                    Refuse("free while mapped", () => board.Kmalloc.Kfree(address));
                }
                else if (item.Kind == MixKind.Element)
                {
                    Refuse("free while mapped", () => board.Reserve.Free(address));
                }
                else
                {
                    Refuse("free while mapped", () => board.Objects.Free(address));
                }
                Refuse("camera", () => board.Streaming.UnmapSingle(board.Camera, item.Mapping, item.MappedSize + 1, item.Direction));
                Refuse("display", () => board.Streaming.UnmapSingle(board.Display, item.Mapping, item.MappedSize, item.Direction));
                Refuse("overlaps", () => board.Streaming.MapSingle(board.Display, address, item.Size, DmaDirection.FromDevice));
                break;
            case 5 when !item.IsVirtual && item.Kind != MixKind.Pooled:
                Refuse(hex, () => board.Io.Ioremap(address, item.Size, 0));
                break;
            case 6 when item.Kind == MixKind.Ioremap:
                Refuse("0x", () => board.Space.Free(address));
                Refuse("0x", () => board.Io.RequestRegion(item.Handle, item.Size, 0));
                break;
            case 7 when item.Kind == MixKind.Pages:
                Refuse(hex, () => board.Pages.TrimPages(address, item.Size + 1));
                Refuse(hex, () => board.Pages.FreePagesExact(address, item.Size + MixBoard.PageSize));
                break;
        }
    }

    private void Refuse(string word, Action call)
    {
        string before = board.State;
        Exception? thrown = null;
        try
        {
            call();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            thrown = e;
        }
        if (thrown == null)
        {
            Assert.Fail("misuse that was not refused");
        }
        run.Expect(thrown.Message.Contains(word, StringComparison.Ordinal), $"'{word}' in: {thrown.Message}");
        string after = board.State;
        run.Expect(before == after, $"{thrown.Message}\nbefore:\n{before}after:\n{after}");
        Refused++;
    }
}
