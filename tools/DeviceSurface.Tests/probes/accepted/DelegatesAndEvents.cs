using System;

namespace Probe
{
    public delegate int Measure(byte[] data);

    public class DelegatesAndEvents
    {
        private Measure _measure;

        public event EventHandler Done;

        public DelegatesAndEvents(Measure measure)
        {
            _measure = measure;
            _measure += data => data.Length;
        }

        public int Run(byte[] data)
        {
            EventHandler handler = Done;
            if (handler != null)
            {
                handler(this, EventArgs.Empty);
            }

            return _measure(data);
        }
    }
}
