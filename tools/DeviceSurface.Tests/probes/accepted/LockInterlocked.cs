using System.Threading;

namespace Probe
{
    public class LockInterlocked
    {
        private readonly object _gate = new object();
        private int _value;

        public int Run()
        {
            lock (_gate)
            {
                Interlocked.Increment(ref _value);
                return Interlocked.CompareExchange(ref _value, 1, 2);
            }
        }
    }
}
