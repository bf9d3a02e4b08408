using nanoFramework.TestFramework;

namespace Probe
{
    [TestClass]
    public class DataRows
    {
        private static readonly int[] s_table = { 1, 2, 3 };

        [TestMethod]
        [DataRow(1, (byte)2, 3u, 4L, 5.0, 6f, "seven", 'c', true)]
        public void NumbersAndStrings(int a, byte b, uint c, long d, double e, float f, string g, char h, bool i)
        {
            Assert.AreEqual(3, s_table.Length);
        }
    }
}
