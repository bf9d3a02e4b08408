using nanoFramework.TestFramework;

namespace Probe
{
    [TestClass]
    public class TestMethodsUsingThis
    {
        private int _count;

        [Setup]
        public void Prepare()
        {
            _count = 1; // error NFS009
        }

        [TestMethod]
        public void Counts()
        {
            Assert.IsTrue(true);
            _count++; // error NFS009
        }

        [DataRow(1)]
        public void Adds(int number)
        {
            _count += number; // error NFS009
        }

        [Cleanup]
        public void Finish()
        {
            OutputHelper.WriteLine(_count.ToString()); // error NFS009
        }
    }
}
