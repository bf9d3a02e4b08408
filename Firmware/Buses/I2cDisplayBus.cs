using System;
using System.Device.Gpio;
using System.Device.I2c;
using System.IO;
using System.Threading;
using Carveout.Video.Displays;

namespace Carveout.Buses
{
    /// <summary>A display on I2C whose transfers begin with a control byte, as the SSD1306's do: 0x00 before commands, 0x40 before data.</summary>
    /// <remarks>Data are copied into an array of this bus, behind the control byte. nanoFramework wraps each transfer in structs, which its
    /// interpreter keeps on the heap; nothing else is allocated. Not synchronized: one thread drives a display.</remarks>
    public sealed class I2cDisplayBus : DisplayBus
    {
        private const byte CommandFollows = 0x00, DataFollow = 0x40;
        private const int ResetPulse = 10;

        private readonly I2cDevice _device;
        private readonly GpioPin? _reset;
        private readonly byte[] _command = { CommandFollows, 0 };
        private readonly byte[] _data;

        /// <summary>Takes over the wires.</summary>
        /// <param name="device">The bus with the display's address.</param>
        /// <param name="reset">The display's reset pin, an output, active low; null if there is none.</param>
        /// <param name="maxLength">The most bytes of data in one transfer, 1 to 1024.</param>
        public I2cDisplayBus(I2cDevice device, GpioPin? reset, int maxLength)
        {
            if (device == null)
            {
                throw new ArgumentNullException(nameof(device));
            }
            if (maxLength < 1 || maxLength > 1024)
            {
                throw new ArgumentOutOfRangeException(nameof(maxLength), maxLength.ToString() + ": expected 1 to 1024 bytes");
            }
            _device = device;
            _reset = reset;
            _data = new byte[1 + maxLength];
            _data[0] = DataFollow;
        }

        /// <inheritdoc/>
        /// <exception cref="IOException">The display did not acknowledge.</exception>
        public override void Command(byte command)
        {
            _command[1] = command;
            Write(_command, _command.Length);
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
            Delay(ResetPulse);
        }

        /// <inheritdoc/>
        public override void Delay(int milliseconds) => Thread.Sleep(milliseconds);

        /// <inheritdoc/>
        /// <exception cref="ArgumentOutOfRangeException">The length is more than the bus was made for; nothing was sent.</exception>
        /// <exception cref="IOException">The display did not acknowledge; part of the data may have been sent.</exception>
        protected override void Transfer(byte[] buffer, int offset, int length)
        {
            int most = _data.Length - 1;
            if (length > most)
            {
                throw new ArgumentOutOfRangeException(nameof(length), length.ToString() + " bytes: this bus takes at most "
                    + most.ToString() + " in one transfer");
            }
            Array.Copy(buffer, offset, _data, 1, length);
            Write(_data, 1 + length);
        }

        private void Write(byte[] buffer, int length)
        {
            I2cTransferResult result = _device.Write(new SpanByte(buffer, 0, length));
            if (result.Status != I2cTransferStatus.FullTransfer)
            {
                throw new IOException("the display at I2C address " + _device.ConnectionSettings.DeviceAddress.ToString()
                    + " took " + result.BytesTransferred.ToString() + " of " + length.ToString() + " bytes");
            }
        }
    }
}
