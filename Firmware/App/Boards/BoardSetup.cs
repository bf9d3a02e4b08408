using System;
using Carveout.Board.Boards;

namespace Carveout.App
{
    /// <summary>The application's set-up for each board: movie, wires of the display, button.</summary>
    /// <remarks>Sources: for the display of the STM32F429I-DISCO, ST UM1670 and nanoFramework's board.h (SPI5 on PF7 and PF9, CS PC2, D/C
    /// PD13); for the buttons ST UM1670, UM2033 (PA0) and UM1974 (PC13); for the ESP32-CAM the pins that its card slot leaves free while it
    /// has no card. None of them has been tried.</remarks>
    public sealed class BoardSetup
    {
        private const int PortA = 0, PortC = 32, PortD = 48, NoPin = -1;

        /// <summary>A board without display and button: frames are drawn, but nobody sees them.</summary>
        /// <param name="width">Pixels of a frame's line.</param>
        /// <param name="height">Lines of a frame.</param>
        /// <param name="buffers">Frames in the pool.</param>
        public BoardSetup(int width, int height, int buffers)
            : this(width, height, buffers, DisplayWiring.Nothing(), NoPin, false)
        {
        }

        private BoardSetup(int width, int height, int buffers, DisplayWiring display, int buttonPin, bool pressedIsHigh)
        {
            Width = width;
            Height = height;
            Buffers = buffers;
            Display = display;
            ButtonPin = buttonPin;
            PressedIsHigh = pressedIsHigh;
        }

        /// <summary>Pixels of a frame's line.</summary>
        public int Width { get; }

        /// <summary>Lines of a frame.</summary>
        public int Height { get; }

        /// <summary>Frames in the pool. With 3, one can be drawn while another is sent.</summary>
        public int Buffers { get; }

        /// <summary>How many frames the camera sends in a second. On a slow board the interpreter draws and sends fewer; the others are
        /// dropped and counted.</summary>
        public int FramesPerSecond { get { return 5; } }

        /// <summary>The display and its wires.</summary>
        public DisplayWiring Display { get; }

        /// <summary>The button's pin; -1 if there is none.</summary>
        public int ButtonPin { get; }

        /// <summary>Whether the pin is high while the button is pressed. If not, the pin is pulled up.</summary>
        public bool PressedIsHigh { get; }

        /// <summary>The setup of a board.</summary>
        /// <param name="board">A name in <see cref="BoardCatalog"/>.</param>
        /// <exception cref="ArgumentException">There is no setup of this name.</exception>
        public static BoardSetup Of(string board)
        {
            switch (board)
            {
                case Esp32Cam.Name:
                    return new BoardSetup(320, 240, 3, DisplayWiring.Spi(DisplayKind.Ili9341, 1, 40000000, 14, 13, 15, 2), 0, false);
                case Esp32S3.Name:
                    return new BoardSetup(320, 240, 3, DisplayWiring.I2c(DisplayKind.Ssd1306, 1, 0x3C, 9, 8), 0, false);
                case Stm32F429Disco.Name:
                    return new BoardSetup(320, 240, 3,
                        DisplayWiring.Spi(DisplayKind.Ili9341, 5, 22500000, NoPin, NoPin, PortC + 2, PortD + 13), PortA, true);
                case Stm32F769Disco.Name:
                    return new BoardSetup(320, 240, 3, DisplayWiring.Nothing(), PortA, true);
                case Stm32F746.Name:
                    return new BoardSetup(160, 120, 2, DisplayWiring.Nothing(), PortC + 13, true);
                case Stm32H743.Name:
                    return new BoardSetup(160, 120, 3, DisplayWiring.Nothing(), PortC + 13, true);
                case Imx31Reference.Name:
                    return new BoardSetup(320, 240, 4, DisplayWiring.Nothing(), NoPin, false);
                default:
                    throw new ArgumentException("no setup for a board called '" + board + "': expected a name of BoardCatalog");
            }
        }
    }
}
