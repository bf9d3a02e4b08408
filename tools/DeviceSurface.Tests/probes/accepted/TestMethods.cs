using nanoFramework.TestFramework;

namespace Probe
{
    [TestClass]
    public class TestMethods
    {
        private static int _prepared;

        private readonly int _own = 1;

        [Setup]
        public void Prepare()
        {
            _prepared++;
        }

        [TestMethod]
        public void Passes()
        {
            Assert.AreEqual(1, _prepared);
        }

        [DataRow(1)]
        [TestMethod]
        public static void Repeats(int count)
        {
            Assert.IsTrue(count > 0);
        }

        public int NoTest()
        {
            return _own;
        }
    }
}
