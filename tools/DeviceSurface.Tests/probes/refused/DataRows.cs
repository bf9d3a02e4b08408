using nanoFramework.TestFramework;

namespace Probe
{
    [TestClass]
    public class DataRows
    {
        public enum Format
        {
            Grey,
        }

        [TestMethod]
        [DataRow(Format.Grey)]
        public void Enum(Format format)
        {
            Assert.IsTrue(format == Format.Grey); // error NFS015
        }

        [TestMethod]
        [DataRow(1, System.AttributeTargets.Class)]
        public void EnumOfAnotherAssembly(int number, System.AttributeTargets targets)
        {
            Assert.IsTrue(number > 0); // error NFS015
        }

        [TestMethod]
        [DataRow(1, null)]
        public void Null(int number, string text)
        {
            Assert.IsNull(text); // error NFS015
        }

        [TestMethod]
        [DataRow(null)]
        public void NullAlone(string text)
        {
            Assert.IsNull(text); // error NFS015
        }

        [TestMethod]
        [DataRow(1, new[] { 1, 2 })]
        public void Array(int number, int[] values)
        {
            Assert.IsNotNull(values); // error NFS015
        }

        [TestMethod]
        [DataRow(1, typeof(string))]
        public void Type(int number, System.Type type)
        {
            Assert.IsNotNull(type); // error NFS015
        }

        [TestMethod]
        [DataRow]
        public void Nothing()
        {
            Assert.IsTrue(true); // error NFS015
        }
    }
}
