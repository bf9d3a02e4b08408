namespace Carveout.Board
{
    /// <summary>Whom a zone serves. A request may fall back from Normal to Dma, never the other way.</summary>
    public enum ZoneKind
    {
        /// <summary>Memory that every DMA engine the zone names can reach; kept for those who need that.</summary>
        Dma = 0,

        /// <summary>Memory for everybody else.</summary>
        Normal = 1,
    }
}
