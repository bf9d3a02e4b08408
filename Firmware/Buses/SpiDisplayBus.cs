using System;
using System.Device.Gpio;
using System.Device.Spi;
using System.Threading;
using Carveout.Video.Displays;

namespace Carveout.Buses
{
    /// <summary>A display on SPI with a pin that tells commands from data ("4-line serial interface").</summary>
    /// <remarks>The pin changes only between a command and data, not between two transfers of data. nanoFramework wraps each transfer and each level
    /// of a pin in a struct, which its interpreter keeps on the heap: about 100 bytes of garbage for each transfer. This class allocates nothing
    /// itself. The caller opens the pins as outputs and disposes of them. Not synchronized: one thread drives a display.</remarks>
    public sealed class SpiDisplayBus : DisplayBus
    {
        private const int ResetPulse = 10, ResetRecovery = 120;

        private readonly SpiDevice _device;
        private readonly GpioPin _dataCommand;
        private readonly GpioPin? _reset;
        private bool _isData, _isKnown;

        /// <summary>Takes over the wires.</summary>
        /// <param name="device">The bus with the display's chip select; mode 0, most significant bit first.</param>
        /// <param name="dataCommand">The pin D/C (or RS), an output: low for commands.</param>
        /// <param name="reset">The display's reset pin, an output, active low; null if the board's own reset drives it.</param>
        /// <exception cref="ArgumentNullException">The bus or the D/C pin is null.</exception>
        public SpiDisplayBus(SpiDevice device, GpioPin dataCommand, GpioPin? reset)
        {
            if (device == null)
            {
                throw new ArgumentNullException(nameof(device));
            }
            if (dataCommand == null)
            {
                throw new ArgumentNullException(nameof(dataCommand));
            }
            _device = device;
            _dataCommand = dataCommand;
            _reset = reset;
        }

        /// <inheritdoc/>
        public override void Command(byte command)
        {
            Select(false);
            _device.WriteByte(command);
        }

        /// <inheritdoc/>
        public override void Reset()
        {
            if (_reset == null)
            {
                return;
            }
            _reset.Write(PinValue.Low);
            Delay(ResetPulse);
            _reset.Write(PinValue.High);
            Delay(ResetRecovery);
        }

        /// <inheritdoc/>
        public override void Delay(int milliseconds) => Thread.Sleep(milliseconds);

        /// <inheritdoc/>
        protected override void Transfer(byte[] buffer, int offset, int length)
        {
            Select(true);
            _device.Write(new SpanByte(buffer, offset, length));
        }

        private void Select(bool data)
        {
            if (!_isKnown || data != _isData)
            {
                _dataCommand.Write(data ? PinValue.High : PinValue.Low);
                _isData = data;
                _isKnown = true;
            }
        }
    }
}
