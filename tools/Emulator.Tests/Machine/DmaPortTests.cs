using static Carveout.Emulator.Tests.Machine.TestBoard;

namespace Carveout.Emulator.Tests.Machine;

/// <summary>A device that accesses memory which it must not access is stopped, and the report says who has or had the memory.</summary>
[TestClass]
public sealed class DmaPortTests
{
    private readonly EmulatedMachine _machine = NewMachine();
    private readonly PageAllocator _allocator;
    private readonly DmaPort _port;
    private readonly PageOwner _driver, _other;

    public DmaPortTests()
    {
        _allocator = _machine.Boot();
        _driver = _allocator.RegisterOwner(User);
        _other = _allocator.RegisterOwner("application");
        _port = _machine.Port("camera", DmaEngines.General);
    }

    [TestMethod]
    public void Pages_of_the_owner_that_the_device_works_for_are_its_own()
    {
        uint buffer = Take(3, _driver);
        Assert.Contains($"belongs to '{User}'", Refusal(buffer, 8).Message);
        _port.AllowOwner(User);
        Touch(buffer, 3 * PageSize);
        Touch(buffer + (2 * PageSize) + 100, 8);
    }

    [TestMethod]
    public void Freed_memory_stops_it_with_the_former_owner()
    {
        _port.AllowOwner(User);
        uint before = Take(1, _other), buffer = Take(3, _driver);
        Touch(buffer, 3 * PageSize);
        _allocator.FreePages(buffer);
        foreach (uint at in (uint[])[buffer, buffer + (2 * PageSize) + 4])
        {
            DmaAccessException e = Refusal(at, 64);
            Assert.AreEqual($"DMA of 'camera' writes 64 bytes at {HexText.Of(at)}: the page at {HexText.Of(at)} in zone DMA is free; "
                + $"former owner '{User}' (block at {HexText.Of(buffer)})", e.Message);
            Assert.AreEqual("camera", e.Device);
            Assert.AreEqual(at, e.Address);
            Assert.AreEqual(User, e.Owner);
        }
        Assert.IsTrue(Read(_machine.Memory, buffer, 3 * PageSize).All(b => b == 0xAA), "what is refused is not written");
        _allocator.FreePages(before);
    }

    [TestMethod]
    public void The_part_behind_a_block_that_was_trimmed_is_free()
    {
        _port.AllowOwner(User);
        uint buffer = Take(3, _driver);
        _allocator.TrimPages(buffer, PageSize);
        Touch(buffer, PageSize);
        DmaAccessException e = Refusal(buffer + PageSize - 8, 16);
        Assert.AreEqual(buffer + PageSize, e.Address);
        Assert.Contains("is free", e.Message);
    }

    [TestMethod]
    public void Memory_that_somebody_else_has_got_stops_it_with_the_owner()
    {
        _port.AllowOwner(User);
        uint buffer = Take(2, _driver);
        Touch(buffer, 8);
        _allocator.FreePages(buffer);
        uint again = Take(2, _other);
        Assert.AreEqual(buffer, again);
        DmaAccessException e = Refusal(buffer, 8);
        Assert.AreEqual("application", e.Owner);
        Assert.Contains($"belongs to 'application' (block at {HexText.Of(buffer)})", e.Message);
    }

    [TestMethod]
    public void A_mapping_opens_its_span_to_the_byte_and_not_once_the_pages_are_free()
    {
        uint buffer = Take(2, _other);
        _port.AllowAccess(buffer + 100, 5000);
        Touch(buffer + 100, 5000);
        Refusal(buffer + 96, 8);
        Refusal(buffer + 5096, 8);
        _allocator.FreePages(buffer);
        Assert.Contains("is free; former owner 'application'", Refusal(buffer + 100, 8).Message);

        Assert.AreEqual(buffer, Take(2, _other));
        Touch(buffer + 100, 8);
    }

    [TestMethod]
    public void A_reservation_is_touched_by_those_it_was_given_to()
    {
        DmaAccessException e = Refusal(Pool, 8);
        Assert.AreEqual(PoolName, e.Owner);
        Assert.Contains("is reserved for 'pool', which was not given to the device", e.Message);
        _port.AllowReservation(PoolName);
        Touch(Pool, 0x80000);
        Assert.Contains("runtime", Refusal(Pool - 4, 8).Message);
    }

    [TestMethod]
    public void What_is_in_no_zone_is_the_runtimes()
    {
        Assert.Contains("is in no zone and no reservation: it is the runtime's", Refusal(Sdram, 8).Message);
        _port.AllowAccess(Sdram, 8);
        Touch(Sdram, 8);
    }

    [TestMethod]
    public void Where_there_is_no_memory_it_stops()
    {
        Assert.Contains("there is no memory", Refusal(0x30000000, 8).Message);
        Assert.Contains("region SRAM is", Refusal(Sram + SramSize - 4, 8).Message);
    }

    [TestMethod]
    public void Reads_are_judged_as_writes_are()
    {
        DmaAccessException e = Assert.ThrowsExactly<DmaAccessException>(() => _port.TryRead(Sdram, new byte[8]));
        Assert.Contains($"DMA of 'camera' reads 8 bytes at {HexText.Of(Sdram)}", e.Message);
    }

    [TestMethod]
    public void A_transfer_out_of_freed_memory_stops_the_run()
    {
        var display = new EmulatedSpiDisplay(_machine,
            new SpiDisplaySpec("lcd", DmaEngines.General, 64, 64, 2 * PageSize / 64, 40_000_000) { PieceSize = 256 });
        display.Port.AllowOwner(User);
        uint buffer = Take(2, _driver);
        display.Send(buffer, 0, new DeafListener());
        _machine.RunTo(200);
        _allocator.FreePages(buffer);
        DmaAccessException e = Assert.ThrowsExactly<DmaAccessException>(() => _machine.RunTo(10_000));
        Assert.Contains("DMA of 'lcd' reads 256 bytes", e.Message);
        Assert.AreEqual(User, e.Owner);
    }

    private uint Take(int pages, PageOwner owner) => _allocator.AllocPagesExact(pages * PageSize, GfpFlags.Dma, owner);

    private void Touch(uint address, int length)
    {
        byte[] bytes = new byte[length];
        Array.Fill(bytes, (byte)0xAA);
        Assert.IsTrue(_port.TryWrite(address, bytes) && _port.TryRead(address, bytes));
    }

    private DmaAccessException Refusal(uint address, int length) =>
        Assert.ThrowsExactly<DmaAccessException>(() => _port.TryWrite(address, new byte[length]));
}
