using Carveout.Emulator.Maps;

namespace Carveout.Emulator.Presentation;

/// <summary>How the owners of memory are drawn: with different characters if there are no colours, and with colours if there are.</summary>
/// <param name="unicode">Whether the output takes block characters.</param>
internal sealed class MapLook(bool unicode)
{
    /// <summary>Separates two pieces that would otherwise look like one.</summary>
    public char Border => unicode ? '│' : '|';

    /// <summary>The character of lines.</summary>
    public char Line => unicode ? '─' : '-';

    /// <summary>The character that fills an owner's part of a bar.</summary>
    public char Fill(PieceOwner owner) => owner switch
    {
        PieceOwner.DmaZone => unicode ? '█' : '#',
        PieceOwner.NormalZone => unicode ? '▒' : '=',
        PieceOwner.Reserved => unicode ? '░' : '+',
        PieceOwner.AtFault => '!',
        _ => unicode ? '·' : '.',
    };

    /// <summary>Spectre's name of an owner's colour.</summary>
    public static string Colour(PieceOwner owner) => owner switch
    {
        PieceOwner.DmaZone => "green",
        PieceOwner.NormalZone => "aqua",
        PieceOwner.Reserved => "yellow",
        PieceOwner.AtFault => "red",
        _ => "grey",
    };

    /// <summary>An owner's name in the table and the legend.</summary>
    public static string Name(PieceOwner owner) => owner switch
    {
        PieceOwner.DmaZone => "DMA zone",
        PieceOwner.NormalZone => "NORMAL zone",
        PieceOwner.Reserved => "reserved",
        PieceOwner.AtFault => "claimed twice or outside",
        _ => "unassigned",
    };
}
