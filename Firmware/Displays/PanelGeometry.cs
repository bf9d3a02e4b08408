using System;

namespace Carveout.Video.Displays
{
    /// <summary>Where a panel's pixels lie in its controller's memory of 240 by 320 pixels, and how the panel hangs. Immutable.</summary>
    /// <remarks>MADCTL rotates the controller's memory, and the panel's place in it with that: a panel of 240x240 at line 0 begins at line
    /// 80 if lines are counted from the other end.</remarks>
    public sealed class PanelGeometry
    {
        internal const int MemoryWidth = 240;
        internal const int MemoryHeight = 320;

        /// <summary>A panel of 240 by 320 pixels, which uses all of the memory.</summary>
        public PanelGeometry(Rotation rotation)
            : this(MemoryWidth, MemoryHeight, 0, 0, rotation)
        {
        }

        /// <summary>A panel that shows a part of the memory.</summary>
        /// <param name="width">Pixels in a line of the upright panel.</param>
        /// <param name="height">Lines of the upright panel.</param>
        /// <param name="column">The memory's column of the first pixel while neither MX nor MY is set.</param>
        /// <param name="row">The memory's line of the first pixel while neither MX nor MY is set.</param>
        /// <exception cref="ArgumentOutOfRangeException">The panel does not lie in the memory, or there is no such rotation.</exception>
        public PanelGeometry(int width, int height, int column, int row, Rotation rotation)
        {
            if (width < 1 || height < 1 || column < 0 || row < 0 || column > MemoryWidth - width || row > MemoryHeight - height)
            {
                throw new ArgumentOutOfRangeException(nameof(width), "a panel of " + width.ToString() + "x" + height.ToString() + " at "
                    + column.ToString() + "," + row.ToString() + " does not lie in a memory of 240x320");
            }
            if (rotation < Rotation.None || rotation > Rotation.Clockwise270)
            {
                throw new ArgumentOutOfRangeException(nameof(rotation), ((int)rotation).ToString() + ": expected None to Clockwise270");
            }
            Width = width;
            Height = height;
            Column = column;
            Row = row;
            Rotation = rotation;
        }

        /// <summary>Pixels in a line of the upright panel.</summary>
        public int Width { get; }

        /// <summary>Lines of the upright panel.</summary>
        public int Height { get; }

        /// <summary>Column of the memory where the panel begins.</summary>
        public int Column { get; }

        /// <summary>Line of the memory where the panel begins.</summary>
        public int Row { get; }

        /// <summary>How the panel hangs.</summary>
        public Rotation Rotation { get; }

        /// <summary>Pixels in a line of the panel as it hangs.</summary>
        public int ShownWidth { get { return Lies ? Height : Width; } }

        /// <summary>Lines of the panel as it hangs.</summary>
        public int ShownHeight { get { return Lies ? Width : Height; } }

        private bool Lies { get { return Rotation == Rotation.Clockwise90 || Rotation == Rotation.Clockwise270; } }

        /// <summary>The first column for CASET, on a controller for which Rotation.None sets neither MX nor MY.</summary>
        internal int ShownColumn { get { return Lies ? FromRow : FromColumn; } }

        /// <summary>The first line for RASET.</summary>
        internal int ShownRow { get { return Lies ? FromColumn : FromRow; } }

        private bool MirrorsColumns { get { return Rotation == Rotation.Clockwise90 || Rotation == Rotation.Clockwise180; } }

        private bool MirrorsRows { get { return Rotation == Rotation.Clockwise180 || Rotation == Rotation.Clockwise270; } }

        private int FromColumn { get { return MirrorsColumns ? MemoryWidth - Width - Column : Column; } }

        private int FromRow { get { return MirrorsRows ? MemoryHeight - Height - Row : Row; } }
    }
}
