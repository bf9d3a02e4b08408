using nanoFramework.TestFramework;

namespace Probe
{
    [TestMethod] // error CS0592
    public class AttributeOnWrongTarget
    {
    }
}
