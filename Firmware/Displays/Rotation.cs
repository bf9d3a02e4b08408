namespace Carveout.Video.Displays
{
    /// <summary>How a panel hangs: by how much the picture is turned clockwise against the panel's own upright.</summary>
    public enum Rotation
    {
        /// <summary>As the panel's maker drew it.</summary>
        None,

        /// <summary>A quarter turn: width and height are exchanged.</summary>
        Clockwise90,

        /// <summary>On its head.</summary>
        Clockwise180,

        /// <summary>Three quarter turns: width and height are exchanged.</summary>
        Clockwise270,
    }
}
