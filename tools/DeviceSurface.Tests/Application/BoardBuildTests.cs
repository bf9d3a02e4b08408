using Mono.Cecil;

namespace Carveout.DeviceSurface.Tests.Application;

/// <summary>The application, built by <c>dotnet build</c> for each board. A board's firmware must have the native part of every assembly
/// that the application refers to, so the references depend on the board.</summary>
[TestClass]
public sealed class BoardBuildTests
{
    private const string Esp32 = "nanoFramework.Hardware.Esp32", Spi = "System.Device.Spi", I2c = "System.Device.I2c", Buses = "Carveout.Buses";
    private const string Native = "Carveout.Native";

    /// <summary>All boards in one build, one of them with native memory. Each is kept under its name before the next overwrites
    /// it.</summary>
    private const string EveryBoard =
        """
        <Project DefaultTargets="Build">
          <ItemGroup>
            <Variant Include="esp32cam;esp32s3;stm32f429-disco;stm32f746;stm32f769-disco;stm32h743" Board="%(Identity)" Native="false" />
            <Variant Include="native" Board="esp32s3" Native="true" />
          </ItemGroup>
          <Target Name="Build" Outputs="%(Variant.Identity)">
            <MSBuild Projects="Firmware/App/App.nfproj" Properties="CarveoutBoard=%(Variant.Board);CarveoutNative=%(Variant.Native)" />
            <Copy SourceFiles="Firmware/App/bin/device/Debug/Carveout.App.exe" DestinationFiles="built/%(Variant.Identity).exe" />
          </Target>
        </Project>
        """;

    private static readonly TemporaryFolder _checkout = new();

    [ClassInitialize]
    public static void BuildAll(TestContext context)
    {
        SourceTree.CopyTo(_checkout);
        _checkout.Write("boards.proj", EveryBoard);
        // This restores the check, which an MSBuild task does not.
        Build("Firmware/App/App.nfproj");
        Build("boards.proj", "--no-restore");
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
        string[] referred = References(variant);

        Assert.AreSequenceEqual(always.Concat(expected).Order(StringComparer.Ordinal), referred.Order(StringComparer.Ordinal), string.Join(", ", referred));
    }

    [TestMethod]
    public void UnknownBoardIsAnErrorThatNamesTheBoards()
    {
        var run = DotnetRun.Start(_checkout.Path, Arguments("Firmware/App/App.nfproj", "--no-restore", "-p:CarveoutBoard=esp8266"));

        Assert.AreEqual(1, run.ExitCode, run.Output);
        Assert.Contains("error CS1029: #error: 'CarveoutBoard: expected esp32cam, esp32s3, stm32f429-disco,", run.Output);
    }

    private static void Build(string project, params string[] options)
    {
        var run = DotnetRun.Start(_checkout.Path, Arguments(project, options));
        Assert.AreEqual(0, run.ExitCode, run.Output);
    }

    private static string[] Arguments(string project, params string[] options) =>
        ["build", project, "--disable-build-servers", "-maxcpucount:1", .. options];

    private static string[] References(string variant)
    {
        using var program = ModuleDefinition.ReadModule(_checkout.PathOf($"built/{variant}.exe"));
        return [.. program.AssemblyReferences.Select(reference => reference.Name)];
    }
}
