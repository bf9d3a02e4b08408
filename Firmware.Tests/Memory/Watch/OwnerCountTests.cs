using Carveout.Board;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>How many pages each owner has, for any number of owners.</summary>
    [TestClass]
    public class OwnerCountTests
    {
        private static PageAllocator s_pages;

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void Counts_stay_right_when_owners_come_later(bool tracked)
        {
            s_pages = new PageAllocator(new[] { new Zone("NORMAL", ZoneKind.Normal, 0x20000000, PageMap.Create(PageMapKind.Runs, 600)) }, 1024, null, null);
            if (tracked)
            {
                s_pages.TrackOwners(new OwnerTable(512));
            }
            var blocks = new uint[PageAllocator.MaxOwners];
            for (int i = 1; i < PageAllocator.MaxOwners; i++)
            {
                Assert.AreEqual(i, (int)s_pages.RegisterOwner("owner " + i.ToString()));
                blocks[i] = s_pages.AllocPagesExact(1024 * (1 + i % 3), GfpFlags.Kernel, (PageOwner)i, 1024);
            }
            Assert.AreEqual(7, (int)s_pages.RegisterOwner("owner 7"));
            Thrown.As(typeof(System.InvalidOperationException), () => s_pages.RegisterOwner("one more"), new[] { "'one more'", "256" });
            for (int i = 1; i < PageAllocator.MaxOwners; i++)
            {
                Assert.AreEqual(1 + i % 3, s_pages.OwnerPages((PageOwner)i), "owner " + i.ToString());
                Assert.AreEqual("owner " + i.ToString(), s_pages.OwnerName((PageOwner)i));
                s_pages.FreePages(blocks[i]);
                Assert.AreEqual(0, s_pages.OwnerPages((PageOwner)i), "owner " + i.ToString());
            }
        }

        [TestMethod]
        public void Nobody_without_a_name_is_an_owner()
        {
            s_pages = new PageAllocator(new[] { new Zone("NORMAL", ZoneKind.Normal, 0x20000000, PageMap.Create(PageMapKind.Runs, 4)) }, 1024, null, null);
            int owners = s_pages.OwnerCount;
            Thrown.As(typeof(System.ArgumentNullException), () => s_pages.RegisterOwner(null), new string[0]);
            Assert.AreEqual(owners, s_pages.OwnerCount);
        }
    }
}
