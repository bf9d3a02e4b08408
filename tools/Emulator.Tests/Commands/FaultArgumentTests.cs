using Carveout.Emulator.Commands;
using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Tests.Commands;

[TestClass]
public sealed class FaultArgumentTests
{
    private const long Second = 1_000_000;

    [TestMethod]
    public void Every_kind_has_a_name_and_a_time_of_its_own()
    {
        foreach (FaultKind kind in Enum.GetValues<FaultKind>())
        {
            string name = string.Concat(kind.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? "-" + c : c.ToString()));
            int number = kind == FaultKind.FailAlloc ? 2 : 0;
            string text = number == 0 ? name : $"{name}:{number}";
            Assert.AreEqual(new FaultOrder(text.ToLowerInvariant(), kind, number, number == 0 ? Second : 0), FaultArgument.Parse(text));
            Assert.Contains(name.ToLowerInvariant(), FaultArgument.Expected);
        }
    }

    [TestMethod]
    [DataRow("dma-error@0", 0L)]
    [DataRow("dma-error@90", 90 * Second)]
    [DataRow("DMA-error@1.5S", 3 * Second / 2)]
    [DataRow("dma-error@2m", 120 * Second)]
    [DataRow("dma-error@1h", 3600 * Second)]
    [DataRow("fail-alloc:12@1h", 3600 * Second)]
    public void Times_are_seconds_minutes_or_hours(string text, long expected) => Assert.AreEqual(expected, FaultArgument.Parse(text)!.Time);

    [TestMethod]
    [DataRow("")]
    [DataRow("nothing")]
    [DataRow("dma-error@")]
    [DataRow("dma-error@s")]
    [DataRow("dma-error@-1")]
    [DataRow("dma-error@1d")]
    [DataRow("dma-error@1@2")]
    [DataRow("dma-error@NaN")]
    [DataRow("dma-error@99999999999")]
    [DataRow("dma-error:1")]
    [DataRow("fail-alloc")]
    [DataRow("fail-alloc:")]
    [DataRow("fail-alloc:0")]
    [DataRow("fail-alloc:-1")]
    [DataRow("fail-alloc:1:2")]
    [DataRow("fail-alloc:99999999999")]
    public void Anything_else_is_none(string text) => Assert.IsNull(FaultArgument.Parse(text));
}
