namespace Carveout.Board
{
    /// <summary>Whom a zone serves. A request may fall back from Normal to Dma, never the other way.</summary>
    public enum ZoneKind
    {
        /// <summary>Memory that every DMA engine named by the zone can reach, kept for requests that need it.</summary>
        Dma = 0,

        /// <summary>Memory for all other requests.</summary>
        Normal = 1,
    }
}
