using Carveout.Board.Boards;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Tests.Scenario;

/// <summary>A write into a frame is noticed, wherever it goes.</summary>
[TestClass]
public sealed class TestPatternTests
{
    private const uint Buffer = 0xD0200000;

    private static readonly MovieSpec s_movie = new(40, 30, 2, 30, 10);

    [TestMethod]
    public void Untouched_frames_are_right()
    {
        (EmulatedMemory _, TestPattern pattern) = Draw(3);
        Assert.IsNull(pattern.Check(Buffer, 3));
        Assert.IsNull(pattern.CheckWhole(Buffer, 3));
    }

    [TestMethod]
    public void Every_overwritten_byte_shows_in_the_whole_frame()
    {
        for (int at = 0; at < s_movie.FrameSize; at++)
        {
            (EmulatedMemory memory, TestPattern pattern) = Draw(5);
            byte[] one = new byte[1];
            memory.Read(Buffer + (uint)at, one, 0, 1);
            one[0] ^= 0x55;
            memory.Write(Buffer + (uint)at, one, 0, 1);
            Assert.IsNotNull(pattern.CheckWhole(Buffer, 5), $"byte {at}");
        }
    }

    [TestMethod]
    public void Stamps_and_moving_row_are_looked_at_in_every_frame()
    {
        foreach (int at in (int[])[0, s_movie.FrameSize - 1, (5 * s_movie.Stride) + 7])
        {
            (EmulatedMemory memory, TestPattern pattern) = Draw(5);
            memory.Write(Buffer + (uint)at, [0x12], 0, 1);
            Assert.IsNotNull(pattern.Check(Buffer, 5), $"byte {at}");
        }
    }

    [TestMethod]
    public void Frame_that_was_not_drawn_is_noticed()
    {
        (EmulatedMemory _, TestPattern pattern) = Draw(5);
        Assert.IsNotNull(pattern.Check(Buffer, 6));
    }

    private static (EmulatedMemory Memory, TestPattern Pattern) Draw(long frame)
    {
        var memory = new EmulatedMemory(BoardCatalog.Create(Stm32F429Disco.Name, ZoneLayout.Single, PageMapKind.FreeBlocks, 0));
        var pattern = new TestPattern(memory, s_movie);
        pattern.DrawWhole(Buffer);
        pattern.Draw(Buffer, -1, frame - 2);
        pattern.Draw(Buffer, frame - 2, frame);
        return (memory, pattern);
    }
}
