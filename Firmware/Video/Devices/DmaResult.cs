namespace Carveout.Video.Devices
{
    /// <summary>How a transfer ended.</summary>
    public enum DmaResult
    {
        /// <summary>Every byte was moved.</summary>
        Done,

        /// <summary>The bus refused an access: no memory answers there, or the engine does not reach it. Bytes moved before that stay
        /// moved.</summary>
        BusError,

        /// <summary>The driver ended it, or the device was unplugged.</summary>
        Aborted,
    }
}
