using Carveout.Emulator.Boards;

namespace Carveout.Emulator.Planning;

/// <summary>A bitmap of nanoFramework.Graphics: native memory of the firmware, 16 bits a pixel.</summary>
/// <param name="Width">Pixels of a line.</param>
/// <param name="Height">Lines.</param>
internal sealed record BitmapSpec(int Width, int Height)
{
    /// <summary>The form of the argument, for messages.</summary>
    public const string Expected = "WxH as 320x240, with 1 to 4096 pixels each way";

    private const int BytesPerPixel = 2;

    /// <summary>The names of reservations for the firmware's graphics.</summary>
    private static readonly string[] s_memory = ["graphics_ram", "graphics", "esp-idf-psram"];

    /// <summary>Bytes of its pixels.</summary>
    public long Bytes => (long)Width * Height * BytesPerPixel;

    /// <summary>Parses a bitmap.</summary>
    /// <returns>Null if the text is not one.</returns>
    public static BitmapSpec? Of(string text) => text.Split('x') is [var across, var down] && WholeNumber.TryParse(across, 1, 4096, out int width)
        && WholeNumber.TryParse(down, 1, 4096, out int height) ? new BitmapSpec(width, height) : null;

    /// <summary>The reservation of a board's map for the firmware's graphics; null if it has none.</summary>
    public static Reservation? MemoryOf(EmulatedBoard board)
    {
        MemoryMap map = board.CreateMap(ZoneLayout.Single, PageMapKind.Runs, 0);
        return s_memory.Select(map.FindReservation).FirstOrDefault(found => found is not null);
    }

    /// <summary>As the user types it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Width}x{Height}");
}
