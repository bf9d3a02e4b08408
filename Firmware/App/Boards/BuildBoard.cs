using Carveout.Board.Boards;

namespace Carveout.App
{
    /// <summary>The board that this build is for: the property CarveoutBoard, which becomes a symbol in CarveoutBoard.props.</summary>
    internal static class BuildBoard
    {
#if CARVEOUT_BOARD_ESP32CAM
        internal const string Name = Esp32Cam.Name;
#elif CARVEOUT_BOARD_ESP32S3
        internal const string Name = Esp32S3.Name;
#elif CARVEOUT_BOARD_STM32F429_DISCO
        internal const string Name = Stm32F429Disco.Name;
#elif CARVEOUT_BOARD_STM32F746
        internal const string Name = Stm32F746.Name;
#elif CARVEOUT_BOARD_STM32F769_DISCO
        internal const string Name = Stm32F769Disco.Name;
#elif CARVEOUT_BOARD_STM32H743
        internal const string Name = Stm32H743.Name;
#else
#error CarveoutBoard: expected esp32cam, esp32s3, stm32f429-disco, stm32f746, stm32f769-disco or stm32h743
#endif
    }
}
