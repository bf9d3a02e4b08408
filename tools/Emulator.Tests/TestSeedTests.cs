namespace Carveout.Emulator.Tests;

/// <summary>A seed that a test printed must repeat the same test, in either notation.</summary>
[TestClass]
public sealed class TestSeedTests
{
    [TestMethod]
    [DataRow("0", 0ul)]
    [DataRow("1234", 1234ul)]
    [DataRow("0x9A6E5", 0x9A6E5ul)]
    [DataRow("0XfF", 255ul)]
    [DataRow("18446744073709551615", ulong.MaxValue)]
    [DataRow("0xFFFFFFFFFFFFFFFF", ulong.MaxValue)]
    public void Reads_decimal_and_hexadecimal(string text, ulong expected) => Assert.AreEqual(expected, TestSeed.Number(text));

    [TestMethod]
    [DataRow("")]
    [DataRow("0x")]
    [DataRow("-1")]
    [DataRow(" 1")]
    [DataRow("1F")]
    [DataRow("0x 1")]
    public void Refuses_what_is_no_number(string text) => Assert.ThrowsExactly<FormatException>(() => TestSeed.Number(text));
}
