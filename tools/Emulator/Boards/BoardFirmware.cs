using Carveout.Board.Boards;

namespace Carveout.Emulator.Boards;

/// <summary>The families of firmware, and the shipped boards for which nf-interpreter has a target.</summary>
internal static class BoardFirmware
{
    /// <summary>The firmware of ESP32 boards.</summary>
    public const string Esp32 = "esp32";

    /// <summary>The firmware of STM32 boards.</summary>
    public const string Stm32 = "stm32";

    /// <summary>Both families.</summary>
    public static readonly string[] All = [Esp32, Stm32];

    /// <summary>The stock firmware of a shipped board; null if the board is only a chip, or runs something else.</summary>
    public static string? Of(string board) => board switch
    {
        Esp32Cam.Name or Esp32S3.Name => Esp32,
        Stm32F429Disco.Name or Stm32F769Disco.Name => Stm32,
        _ => null,
    };
}
