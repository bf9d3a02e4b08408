namespace Carveout.Emulator.Tests.MapImport;

/// <summary>Our own device trees, in the style of Linux's and Zephyr's.</summary>
internal static class DeviceTreeSamples
{
    /// <summary>64-bit cells, reserved memory of every kind, memory above 4 GB.</summary>
    public static string Linux { get; } = File.ReadAllText(Path.Combine(Checkout.Folder, "examples", "boards", "camera-board.dts"));

    /// <summary>Memory in the SoC, with macros, expressions and a label that extends a node.</summary>
    public const string Zephyr = """
        /dts-v1/;
        #define SRAM_KB 256
        / {
            #address-cells = <1>;
            #size-cells = <1>;
            chosen { zephyr,sram = &sram0; };
            soc {
                #address-cells = <1>;
                #size-cells = <1>;
                ranges;
                sram0: memory@20000000 { compatible = "mmio-sram"; reg = <0x20000000 DT_SIZE_K(64)>; };
                dtcm: memory@10000000 { compatible = "zephyr,memory-region", "st,stm32-ccm"; reg = <0x10000000 (1 << 16)>; zephyr,memory-region = "CCM"; };
                part: memory@20030000 { compatible = "zephyr,memory-region", "mmio-sram"; reg = <0x20030000 DT_SIZE_K(16)>; };
                flash@8000000 { compatible = "soc-nv-flash"; reg = <0x8000000 DT_SIZE_M(1)>; };
            };
            bus { #address-cells = <1>; #size-cells = <1>; ranges = <0x0 0xD0000000 0x1000000>;
                sdram1: sdram@0 { device_type = "memory"; compatible = "mmio-sram"; reg = <0x0 DT_SIZE_M(8)>; }; };
        };
        &sram0 { reg = <0x20000000 (SRAM_KB * 1024)>; };
        """;
}
