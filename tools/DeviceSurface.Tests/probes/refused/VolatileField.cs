namespace Probe
{
    public class VolatileField
    {
        private volatile int _value;

        public int Read()
        {
            return _value; // error CS0518
        }
    }
}
