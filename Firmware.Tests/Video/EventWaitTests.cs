using System.Threading;
using Carveout.Video;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Video
{
    /// <summary>Waiting as threads do.</summary>
    [TestClass]
    public class EventWaitTests
    {
        private static EventWait s_wait;

        [TestMethod]
        public void A_wake_is_remembered_once()
        {
            var wait = new EventWait();
            Assert.IsFalse(wait.WaitUntil(wait.Microseconds - 1000));
            wait.Wake();
            wait.Wake();
            Assert.IsTrue(wait.WaitUntil(wait.Microseconds));
            Assert.IsFalse(wait.WaitUntil(wait.Microseconds));
        }

        [TestMethod]
        public void A_wait_takes_its_time_and_another_thread_ends_it()
        {
            s_wait = new EventWait();
            long before = s_wait.Microseconds;
            Assert.IsFalse(s_wait.WaitUntil(before + 20000));
            Assert.IsTrue(s_wait.Microseconds - before >= 19000, (s_wait.Microseconds - before).ToString());
            var other = new Thread(() => s_wait.Wake());
            other.Start();
            Assert.IsTrue(s_wait.WaitUntil(s_wait.Microseconds + 10000000));
            other.Join();
        }
    }
}
