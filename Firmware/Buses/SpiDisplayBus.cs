using System;
using System.Device.Gpio;
using System.Device.Spi;
using System.Threading;
using Carveout.Video.Displays;

namespace Carveout.Buses
{
    /// <summary>The wires of a display on SPI with a line that tells commands from data ("4-line serial interface").</summary>
    /// <remarks>The line changes only between a command and data, not between two transfers of data. nanoFramework wraps each transfer
    /// and each level of a pin in a struct, which its interpreter keeps on the heap: some 100 bytes of garbage a transfer, and none of
    /// ours. The pins are opened as outputs by whoever makes this; nothing is disposed of here.
    /// Not synchronized: one thread drives a display.</remarks>
    public sealed class SpiDisplayBus : DisplayBus
    {
        private const int ResetPulse = 10, ResetRecovery = 120;

        private readonly SpiDevice _device;
        private readonly GpioPin _dataCommand;
        private readonly GpioPin? _reset;
        private bool _isData, _isKnown;

        /// <summary>Takes the wires over.</summary>
        /// <param name="device">The bus with the display's chip select; mode 0, most significant bit first.</param>
        /// <param name="dataCommand">D/C (or RS): low for commands. An output.</param>
        /// <param name="reset">The display's reset, active low, an output; null where the board's own reset drives it.</param>
        /// <exception cref="ArgumentNullException">There is no bus or no D/C line.</exception>
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
        public override void Delay(int milliseconds)
        {
            Thread.Sleep(milliseconds);
        }

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
