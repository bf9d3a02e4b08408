using Carveout.Board.Boards;

namespace Carveout.Emulator.Boards;

/// <summary>The default movie of each board, and the application beside it.</summary>
/// <remarks>They are plausible for the board's size; docs/scenarios.md has the reasons. Every number is an option of <c>play</c>.</remarks>
internal static class BoardScenarios
{
    private const int KB = 1024, MB = 1024 * KB;

    /// <summary>The movie of a board.</summary>
    public static MovieSpec Movie(string board) => board switch
    {
        Esp32Cam.Name => new MovieSpec(320, 240, 3, 30, 60),
        Esp32S3.Name => new MovieSpec(480, 320, 3, 30, 60),
        Stm32F429Disco.Name => new MovieSpec(320, 240, 3, 30, 60),
        Stm32F746.Name => new MovieSpec(96, 64, 2, 15, 60),
        Stm32F769Disco.Name => new MovieSpec(800, 480, 3, 30, 60),
        Stm32H743.Name => new MovieSpec(128, 96, 3, 30, 60),
        _ => new MovieSpec(640, 480, 4, 30, 300),
    };

    /// <summary>The movie of a board whose devices move the pixels, so that devices, and not only the CPU, must reach the frames.</summary>
    /// <remarks>On the ESP32-CAM devices reach only 80 KB in the chip. A scan-out display, a camera and the way between them need three
    /// buffers to lose no frame.</remarks>
    public static MovieSpec PixelMovie(string board)
    {
        MovieSpec movie = Movie(board);
        return board == Esp32Cam.Name
            ? movie with { Width = 96, Height = 96 }
            : movie with { Buffers = Math.Max(movie.Buffers, 3) };
    }

    /// <summary>The application of a board.</summary>
    public static ApplicationSpec Application(string board) => board switch
    {
        Esp32Cam.Name => new ApplicationSpec(MB, 60, 30, 16 * KB),
        Esp32S3.Name => new ApplicationSpec(2 * MB, 60, 30, 24 * KB),
        Stm32F429Disco.Name => new ApplicationSpec(MB, 60, 30, 16 * KB),
        Stm32F746.Name => new ApplicationSpec(16 * KB, 4, 10, 2 * KB),
        Stm32F769Disco.Name => new ApplicationSpec(2 * MB, 60, 30, 32 * KB),
        Stm32H743.Name => new ApplicationSpec(96 * KB, 10, 10, 4 * KB),
        _ => new ApplicationSpec(48 * MB, 300, 30, MB),
    };
}
