using System;

namespace Carveout.Board.Boards
{
    /// <summary>The boards that Carveout knows by name.</summary>
    public static class BoardCatalog
    {
        /// <summary>The name of the reservation that is the application's share of the managed heap.</summary>
        public const string HeapName = "clr-heap";

        /// <summary>The name of the reservation that holds a board's buffer pool. If a map has several pools, the names of the others begin
        /// with it: <see cref="IsPool"/>.</summary>
        public const string PoolName = "frame-pool";

        /// <summary>Whether a reservation is one of a map's buffer pools.</summary>
        /// <returns>False for any other owner's.</returns>
        public static bool IsPool(Reservation reservation)
        {
            if (reservation == null)
            {
                throw new ArgumentNullException(nameof(reservation));
            }
            string name = reservation.Name;
            return name.Length >= PoolName.Length && name.Substring(0, PoolName.Length) == PoolName;
        }

        /// <summary>The names, as the command line and the documents use them.</summary>
        /// <returns>A new array, in the order in which they are listed to a user.</returns>
        public static string[] Names()
        {
            return new[]
            {
                Esp32Cam.Name, Esp32S3.Name, Stm32F429Disco.Name, Stm32F746.Name, Stm32F769Disco.Name, Stm32H743.Name, Imx31Reference.Name,
            };
        }

        /// <summary>The memory map of a board; with every choice at its default one zone, exact runs of pages, no pool.</summary>
        /// <param name="name">One of <see cref="Names"/>, so not null.</param>
        /// <param name="layout">How its main memory is cut into zones.</param>
        /// <param name="poolSize">Bytes of main memory to reserve for a buffer pool called <see cref="PoolName"/>; 0 for none.</param>
        /// <returns>The map with regions, reservations and zones; not sealed yet, so that more can be reserved.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The pool does not leave a page for the zones.</exception>
        /// <exception cref="ArgumentException">There is no board of that name.</exception>
        public static MemoryMap Create(string name, ZoneLayout layout = ZoneLayout.Single, PageMapKind pages = PageMapKind.Runs,
            int poolSize = 0)
        {
            switch (name)
            {
                case Esp32Cam.Name: return Esp32Cam.Create(layout, pages, poolSize);
                case Esp32S3.Name: return Esp32S3.Create(layout, pages, poolSize);
                case Stm32F429Disco.Name: return Stm32F429Disco.Create(layout, pages, poolSize);
                case Stm32F746.Name: return Stm32F746.Create(layout, pages, poolSize);
                case Stm32F769Disco.Name: return Stm32F769Disco.Create(layout, pages, poolSize);
                case Stm32H743.Name: return Stm32H743.Create(layout, pages, poolSize);
                case Imx31Reference.Name: return Imx31Reference.Create(layout, pages, poolSize);
            }
            string known = "";
            string[] names = Names();
            for (int i = 0; i < names.Length; i++)
            {
                known += (i == 0 ? "" : ", ") + names[i];
            }
            throw new ArgumentException("no board is called '" + name + "'; there are " + known);
        }
    }
}
