namespace Carveout.BareMetal
{
    /// <summary>The OLED display of the LM3S6965 board, 128 by 64 pixels of 16 greys, behind the chip's serial interface.</summary>
    /// <remarks>Solomon Systech, SSD0323 datasheet, command table; Texas Instruments, LM3S6965 datasheet (SSI, GPIO). Port C pin 7 says
    /// whether a byte is data; port D pin 0 keeps the memory card off the same bus.</remarks>
    internal sealed class Ssd0323
    {
        internal const int Width = 128, Height = 64, FrameSize = Width * Height / 2;

        private const uint Ssi = 0x40008000, PortC = 0x40006000, PortD = 0x40007000;
        private const uint SsiControl0 = 0x00, SsiControl1 = 0x04, SsiData = 0x08, SsiStatus = 0x0C, SsiPrescale = 0x10;
        private const uint GpioDirection = 0x400, GpioEnable = 0x51C;
        private const int DataPin = 7, CardPin = 0;

        /// <summary>Bits of the status: there is room to send; something was received.</summary>
        private const uint HasRoom = 2, HasReceived = 4;

        private const uint SetColumns = 0x15, SetRows = 0x75, On = 0xAF;

        internal Ssd0323()
        {
            MakeOutput(PortC, DataPin);
            MakeOutput(PortD, CardPin);
            SetPin(PortD, CardPin, true);
            const uint EvenDivisor = 2, EightBits = 7, EnableAsMaster = 2;
            Register.Write(Ssi + SsiPrescale, EvenDivisor);
            Register.Write(Ssi + SsiControl0, EightBits);
            Register.Write(Ssi + SsiControl1, EnableAsMaster);
        }

        /// <summary>Shows a frame: two pixels in a byte, the left one in the upper half, line by line.</summary>
        internal void Show(uint frame)
        {
            SetPin(PortC, DataPin, false);
            Send(SetColumns);
            Send(0);
            Send(Width / 2 - 1);
            Send(SetRows);
            Send(0);
            Send(Height - 1);
            Send(On);
            SetPin(PortC, DataPin, true);
            for (uint offset = 0; offset < FrameSize; offset += 4)
            {
                uint pixels = Register.Read(frame + offset);
                for (int shift = 0; shift < 32; shift += 8)
                {
                    Send(pixels >> shift & 0xFF);
                }
            }
        }

        private static void Send(uint value)
        {
            while ((Register.Read(Ssi + SsiStatus) & HasRoom) == 0)
            {
            }
            Register.Write(Ssi + SsiData, value);
            // For each byte that is sent, one comes back.
            while ((Register.Read(Ssi + SsiStatus) & HasReceived) == 0)
            {
            }
            Register.Read(Ssi + SsiData);
        }

        private static void MakeOutput(uint port, int pin)
        {
            Register.Write(port + GpioDirection, Register.Read(port + GpioDirection) | 1u << pin);
            Register.Write(port + GpioEnable, Register.Read(port + GpioEnable) | 1u << pin);
        }

        /// <summary>Address bits 2 to 9 select the pins of a write.</summary>
        private static void SetPin(uint port, int pin, bool high)
        {
            Register.Write(port + (4u << pin), high ? 0xFFu : 0);
        }
    }
}
