using Carveout.Emulator.Boards;

namespace Carveout.Emulator.Planning;

/// <summary>A bitmap of nanoFramework.Graphics: native memory of the firmware's own, 16 bits a pixel.</summary>
/// <param name="Width">Pixels of a line.</param>
/// <param name="Height">Lines.</param>
internal sealed record BitmapSpec(int Width, int Height)
{
    /// <summary>What one is expected to look like.</summary>
    public const string Expected = "WxH as 320x240, with 1 to 4096 pixels each way";

    private const int BytesPerPixel = 2;

    /// <summary>The reservations that firmware gives to graphics.</summary>
    private static readonly string[] s_memory = ["graphics_ram", "graphics", "esp-idf-psram"];

    /// <summary>Bytes of its pixels.</summary>
    public long Bytes => (long)Width * Height * BytesPerPixel;

    /// <summary>Reads one.</summary>
    /// <returns>Null where it is none.</returns>
    public static BitmapSpec? Of(string text) => text.Split('x') is [var across, var down] && WholeNumber.TryParse(across, 1, 4096, out int width)
        && WholeNumber.TryParse(down, 1, 4096, out int height) ? new BitmapSpec(width, height) : null;

    /// <summary>What a board's map leaves to the firmware for graphics; null where it does not say.</summary>
    public static Reservation? MemoryOf(EmulatedBoard board)
    {
        MemoryMap map = board.CreateMap(ZoneLayout.Single, PageMapKind.Runs, 0);
        return s_memory.Select(map.FindReservation).FirstOrDefault(found => found is not null);
    }

    /// <summary>As it is typed.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Width}x{Height}");
}
