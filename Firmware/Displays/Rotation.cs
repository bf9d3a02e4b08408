namespace Carveout.Video.Displays
{
    /// <summary>How a panel hangs: the angle by which the picture is turned clockwise against the panel's own upright.</summary>
    public enum Rotation
    {
        /// <summary>Not turned: upright as the panel's maker defined it.</summary>
        None,

        /// <summary>A quarter turn: width and height are exchanged.</summary>
        Clockwise90,

        /// <summary>Upside down.</summary>
        Clockwise180,

        /// <summary>Three quarter turns: width and height are exchanged.</summary>
        Clockwise270,
    }
}
