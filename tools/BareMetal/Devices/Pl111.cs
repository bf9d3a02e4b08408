namespace Carveout.BareMetal
{
    /// <summary>Arm's PrimeCell colour LCD controller, which shows pixels of 16 bits directly from memory.</summary>
    /// <remarks>Arm DDI 0293, "PrimeCell Color LCD Controller (PL111)".</remarks>
    internal sealed class Pl111
    {
        private const uint HorizontalTiming = 0x000, VerticalTiming = 0x004, FrameBase = 0x010, Control = 0x018;

        /// <summary>Bits of the control word. The panel's red and blue lines are exchanged, as in the board's pixels.</summary>
        private const uint Enable = 1, Pixels565 = 6 << 1, ThinFilm = 1 << 5, ExchangeRedAndBlue = 1 << 8, PanelPower = 1 << 11;

        private readonly uint _registers;

        /// <param name="registers">The address of the controller's registers.</param>
        /// <param name="width">Pixels of a line: a multiple of 16.</param>
        /// <param name="height">Lines.</param>
        internal Pl111(uint registers, int width, int height)
        {
            _registers = registers;
            Register.Write(registers + HorizontalTiming, (uint)(width / 16 - 1) << 2);
            Register.Write(registers + VerticalTiming, (uint)height - 1);
        }

        /// <summary>Shows a frame from the next refresh on.</summary>
        /// <param name="frame">A multiple of 8.</param>
        internal void Show(uint frame)
        {
            Register.Write(_registers + FrameBase, frame);
            Register.Write(_registers + Control, Enable | Pixels565 | ThinFilm | ExchangeRedAndBlue | PanelPower);
        }
    }
}
