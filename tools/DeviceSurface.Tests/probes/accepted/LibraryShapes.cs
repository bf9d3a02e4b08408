using System;
using System.Device.Gpio;
using System.Drawing;
using nanoFramework.Runtime.Native;
using nanoFramework.TestFramework;

namespace Probe
{
    /// <summary>One use of each kind of thing that a library can declare.</summary>
    public sealed class LibraryShapes : MarshalByRefObject
    {
        private const int Most = int.MaxValue;

        private readonly DateTimeKind _kind = DateTimeKind.Utc;
        private Guid _guid;

        public override string ToString()
        {
            Guid withoutState;
            return string.Format("{0} {1} {2} {3}", _kind, Most, _guid, withoutState.ToString());
        }

        public static bool Run(GpioController gpio, string text, DateTime start)
        {
            RebootEventHandler handler = () => { };
            Power.OnRebootEvent += handler;
            gpio.OpenPin(1, PinMode.Output).ValueChanged += (sender, e) => { };

            DateTime end = start + new TimeSpan(0, 0, 1);
            PinValue high = 1;
            int[] numbers = { text[0], (int)high };
            return byte.TryParse(text.Split(' ', ',')[0], out byte value)
                && end > start
                && value > Math.Abs(-1)
                && numbers.SequenceEqual(new int[] { Color.Red.R });
        }
    }
}
