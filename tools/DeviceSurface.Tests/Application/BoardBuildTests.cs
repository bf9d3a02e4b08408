using Mono.Cecil;

namespace Carveout.DeviceSurface.Tests.Application;

/// <summary>The application, built by <c>dotnet build</c> for each board. A board's firmware must have the native part of every assembly
/// that the application refers to, so the references depend on the board.</summary>
[TestClass]
public sealed class BoardBuildTests
{
    private const string Esp32 = "nanoFramework.Hardware.Esp32", Spi = "System.Device.Spi", I2c = "System.Device.I2c", Buses = "Carveout.Buses";
    private const string Native = "Carveout.Native";

    private const string App = "Firmware/App/App.nfproj", Unknown = "unknown";

    private static readonly TemporaryFolder _checkout = new();
    private static BuildSeries _builds = null!;

    /// <summary>All boards in one build, one of them with native memory, and one that there is not.</summary>
    [ClassInitialize]
    public static void BuildAll(TestContext context)
    {
        SourceTree.CopyTo(_checkout);
        _builds = new BuildSeries(_checkout).Restore(App);
        foreach (string board in new[] { "esp32cam", "esp32s3", "stm32f429-disco", "stm32f746", "stm32f769-disco", "stm32h743" })
        {
            AddBoard(board, board, native: false);
        }

        AddBoard("native", "esp32s3", native: true);
        _builds.Add(Unknown, App, null, "CarveoutBoard=esp8266").Run();
    }

    [ClassCleanup]
    public static void RemoveCheckout() => _checkout.Dispose();

    [TestMethod]
    [DataRow("esp32cam", Esp32, Spi, I2c, Buses)]
    [DataRow("esp32s3", Esp32, Spi, I2c, Buses)]
    [DataRow("stm32f429-disco", Spi, I2c, Buses)]
    [DataRow("stm32f746")]
    [DataRow("stm32f769-disco")]
    [DataRow("stm32h743")]
    [DataRow("native", Esp32, Spi, I2c, Buses, Native)]
    public void BoardRefersToWhatItsFirmwareHas(string variant, params string[] expected)
    {
        string[] always = ["Carveout.Board", "Carveout.Displays", "Carveout.Dma", "Carveout.Frames", "Carveout.Pages", "Carveout.Slab", "Carveout.Video", "Carveout.Watch",
            "System.Device.Gpio", "mscorlib", "nanoFramework.Runtime.Native"];
        Assert.AreEqual(0, _builds.Of(variant).ExitCode, _builds.Output);
        string[] referred = References(variant);

        Assert.AreSequenceEqual(always.Concat(expected).Order(StringComparer.Ordinal), referred.Order(StringComparer.Ordinal), string.Join(", ", referred));
    }

    [TestMethod]
    public void UnknownBoardIsAnErrorThatNamesTheBoards()
    {
        var run = _builds.Of(Unknown);

        Assert.AreEqual(1, run.ExitCode, run.Output);
        Assert.Contains("error CS1029: #error: 'CarveoutBoard: expected esp32cam, esp32s3, stm32f429-disco,", run.Output);
    }

    private static void AddBoard(string name, string board, bool native) => _builds
        .Add(name, App, null, "CarveoutBoard=" + board, "CarveoutNative=" + native)
        .Keep("Firmware/App/bin/device/Debug/Carveout.App.exe", $"built/{name}.exe");

    private static string[] References(string variant)
    {
        using var program = ModuleDefinition.ReadModule(_checkout.PathOf($"built/{variant}.exe"));
        return [.. program.AssemblyReferences.Select(reference => reference.Name)];
    }
}
