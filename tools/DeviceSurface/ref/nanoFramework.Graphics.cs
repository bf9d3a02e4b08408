using System;
using System.Drawing;

// The namespace of screens. nanoFramework.Presentation, touch panels and ink are left out, so their use is refused here rather than on the
// device.
namespace nanoFramework.UI
{
    public sealed class Bitmap : MarshalByRefObject, IDisposable
    {
        public const ushort OpacityOpaque = 256;
        public const ushort OpacityTransparent = 0;
        public static readonly int MaxWidth;
        public static readonly int MaxHeight;
        public static readonly int CenterX;
        public static readonly int CenterY;
        public int Width => throw null;
        public int Height => throw null;
        public Bitmap(int width, int height) => throw null;
        public Bitmap(byte[] imageData, BitmapImageType type) => throw null;
        public Bitmap(Size size) => throw null;
        public void Flush() => throw null;
        public void Flush(int x, int y, int width, int height) => throw null;
        public void Flush(Rectangle rectangle) => throw null;
        public void Flush(int srcX, int srcY, int width, int height, int screenX, int screenY) => throw null;
        public void Flush(Rectangle source, System.Drawing.Point destination) => throw null;
        public void Clear() => throw null;
        public bool DrawTextInRect(
            ref string text, ref int xRelStart, ref int yRelStart, int x, int y, int width, int height, uint dtFlags, Color color, Font
            font) => throw null;
        public void DrawTextInRect(string text, int x, int y, int width, int height, uint dtFlags, Color color, Font font) => throw null;
        public void DrawTextInRect(string text, Rectangle rectangle, uint dtFlags, Color color, Font font) => throw null;
        public void DrawChar(ushort c, int x, int y, Color color, Font font) => throw null;
        public void SetClippingRectangle(int x, int y, int width, int height) => throw null;
        public void SetClippingRectangle(Rectangle rectangle) => throw null;
        public void DrawEllipse(
            Color colorOutline, int thicknessOutline, int x, int y, int xRadius, int yRadius, Color colorGradientStart, int xGradientStart,
            int yGradientStart, Color colorGradientEnd, int xGradientEnd, int yGradientEnd, ushort opacity = OpacityOpaque) => throw null;
        public void DrawEllipse(
            Color colorOutline, int thicknessOutline, System.Drawing.Point point, int xRadius, int yRadius, Color colorGradientStart,
            System.Drawing.Point gradientStartPoint, Color colorGradientEnd, System.Drawing.Point gradientEndPoint, ushort opacity =
            OpacityOpaque) => throw null;
        public void DrawEllipse(Color colorOutline, int x, int y, int xRadius, int yRadius) => throw null;
        public void DrawEllipse(Color colorOutline, System.Drawing.Point point, int xRadius, int yRadius) => throw null;
        public void DrawImage(
            int xDst, int yDst, Bitmap bitmap, int xSrc, int ySrc, int width, int height, ushort opacity = OpacityOpaque) => throw null;
        public void DrawImage(System.Drawing.Point point, Bitmap bitmap, Rectangle rectangle, ushort opacity = OpacityOpaque) => throw null;
        public void DrawImage(System.Drawing.Point point, Bitmap bitmap, ushort opacity = OpacityOpaque) => throw null;
        public void RotateImage(
            int angle, int xDst, int yDst, Bitmap bitmap, int xSrc, int ySrc, int width, int height, ushort opacity = OpacityOpaque) =>
            throw null;
        public void RotateImage(
            int angle, System.Drawing.Point point, Bitmap bitmap, Rectangle rectangle, ushort opacity = OpacityOpaque) => throw null;
        public void RotateImage(int angle, System.Drawing.Point point, Bitmap bitmap, ushort opacity = OpacityOpaque) => throw null;
        public void MakeTransparent(Color color) => throw null;
        public void StretchImage(int xDst, int yDst, Bitmap sourceBitmap, int width, int height, ushort opacity = OpacityOpaque) => throw null;
        public void StretchImage(System.Drawing.Point point, Bitmap sourceBitmap, Size size, ushort opacity = OpacityOpaque) => throw null;
        public void DrawLine(Color color, int thickness, int x0, int y0, int x1, int y1) => throw null;
        public void DrawLine(Color color, int thickness, System.Drawing.Point start, System.Drawing.Point end) => throw null;
        public void DrawRectangle(int x, int y, int width, int height, int thickness, Color color) => throw null;
        public void DrawRectangle(Rectangle rectangle, int thickness, Color color) => throw null;
        public void DrawRectangle(
            Color colorOutline, int thicknessOutline, int x, int y, int width, int height, int xCornerRadius, int yCornerRadius, Color
            colorGradientStart, int xGradientStart, int yGradientStart, Color colorGradientEnd, int xGradientEnd, int yGradientEnd, ushort
            opacity = OpacityOpaque) => throw null;
        public void DrawRectangle(
            Color colorOutline, int thicknessOutline, Rectangle rectangle, int xCornerRadius, int yCornerRadius, Color colorGradientStart,
            System.Drawing.Point gradientStartPoint, Color colorGradientEnd, System.Drawing.Point gradientEndPoint, ushort opacity =
            OpacityOpaque) => throw null;
        public void DrawRoundRectangle(
            int x, int y, int width, int height, int thickness, int xCornerRadius, int yCornerRadius, Color color) => throw null;
        public void DrawRoundRectangle(Rectangle rectangle, int thickness, int xCornerRadius, int yCornerRadius, Color color) => throw null;
        public void DrawRoundRectangle(Rectangle rectangle, int thickness, int cornerRadius, Color color) => throw null;
        public void FillRectangle(int x, int y, int width, int height, Color color, ushort opacity = OpacityOpaque) => throw null;
        public void FillRectangle(Rectangle rectangle, Color color, ushort opacity = OpacityOpaque) => throw null;
        public void FillRoundRectangle(
            int x, int y, int width, int height, int xCornerRadius, int yCornerRadius, Color color, ushort opacity = OpacityOpaque) => throw
            null;
        public void FillRoundRectangle(
            Rectangle rectangle, int xCornerRadius, int yCornerRadius, Color color, ushort opacity = OpacityOpaque) => throw null;
        public void FillRoundRectangle(Rectangle rectangle, int cornerRadius, Color color, ushort opacity = OpacityOpaque) => throw null;
        public void FillGradientRectangle(
            int x, int y, int width, int height, Color colorGradientStart, int xGradientStart, int yGradientStart, Color colorGradientEnd,
            int xGradientEnd, int yGradientEnd, ushort opacity = OpacityOpaque) => throw null;
        public void FillGradientRectangle(
            Rectangle rectangle, Color colorGradientStart, System.Drawing.Point gradientStartPoint, Color colorGradientEnd,
            System.Drawing.Point gradientEndPoint, ushort opacity = OpacityOpaque) => throw null;
        public void DrawText(string text, Font font, Color color, int x, int y) => throw null;
        public void DrawText(string text, Font font, Color color, System.Drawing.Point point) => throw null;
        public void SetPixel(int xPos, int yPos, Color color) => throw null;
        public void SetPixel(System.Drawing.Point point, Color color) => throw null;
        public Color GetPixel(int xPos, int yPos) => throw null;
        public Color GetPixel(System.Drawing.Point point) => throw null;
        public byte[] GetBitmap() => throw null;
        public void StretchImage(
            int xDst, int yDst, int widthDst, int heightDst, Bitmap bitmap, int xSrc, int ySrc, int widthSrc, int heightSrc, ushort opacity
            = OpacityOpaque) => throw null;
        public void TileImage(int xDst, int yDst, Bitmap bitmap, int width, int height, ushort opacity = OpacityOpaque) => throw null;
        public void TileImage(System.Drawing.Point point, Bitmap bitmap, Size size, ushort opacity = OpacityOpaque) => throw null;
        public void Scale9Image(
            int xDst, int yDst, int widthDst, int heightDst, Bitmap bitmap, int leftBorder, int topBorder, int rightBorder, int
            bottomBorder, ushort opacity = OpacityOpaque) => throw null;
        public void Scale9Image(
            Rectangle destination, Bitmap bitmap, int leftBorder, int topBorder, int rightBorder, int bottomBorder, ushort opacity =
            OpacityOpaque) => throw null;
        public void Dispose() => throw null;
        public enum BitmapImageType : byte
        {
            NanoCLRBitmap, Gif, Jpeg, Bmp,
        }
    }

    public static class DisplayControl
    {
        public static uint MaximumBufferSize => throw null;
        public static Bitmap FullScreen => throw null;
        public static bool IsFullScreenBufferAvailable => throw null;
        public static int LongerSide => throw null;
        public static int ShorterSide => throw null;
        public static int ScreenWidth => throw null;
        public static int ScreenHeight => throw null;
        public static int BitsPerPixel => throw null;
        public static DisplayOrientation Orientation => throw null;
        public static uint Initialize(SpiConfiguration spi, ScreenConfiguration screen, uint bufferSize = 20480) => throw null;
        public static uint Initialize(I2cConfiguration i2c, ScreenConfiguration screen, uint bufferSize = 20480) => throw null;
        public static bool ChangeOrientation(DisplayOrientation orientation) => throw null;
        public static void WritePoint(ushort x, ushort y, ushort color) => throw null;
        public static void WritePoint(ushort x, ushort y, Color color) => throw null;
        public static void Clear() => throw null;
        public static void Write(ushort x, ushort y, ushort width, ushort height, ushort[] colors) => throw null;
        public static void Write(ushort x, ushort y, ushort width, ushort height, Color[] colors) => throw null;
        public static void Write(
            string text, ushort x, ushort y, ushort width, ushort height, Font font, Color foreground, Color background) => throw null;
    }

    public enum DrawTextOptions : uint
    {
        None = 0, WordWrap = 1, TruncateAtBottom = 4, Ellipsis = 8, IgnoreHeight = 16, AlignmentLeft = 0, AlignmentCenter = 2,
        AlignmentRight = 32, AlignmentMask = 34, TrimmingNone = 0, TrimmingWordEllipsis = 8, TrimmingCharacterEllipsis = 64, TrimmingMask = 72,
    }

    public sealed class Font : MarshalByRefObject
    {
        public const int DefaultKerning = 1024;
        internal Font() => throw null;
        public int Height => throw null;
        public int AverageWidth => throw null;
        public int MaxWidth => throw null;
        public int Ascent => throw null;
        public int Descent => throw null;
        public int InternalLeading => throw null;
        public int ExternalLeading => throw null;
        public int CharWidth(char c) => throw null;
        public void ComputeExtent(string text, out int width, out int height) => throw null;
        public void ComputeExtent(string text, out int width, out int height, int kerning) => throw null;
        public void ComputeTextInRect(string text, out int renderWidth, out int renderHeight) => throw null;
        public void ComputeTextInRect(string text, out int renderWidth, out int renderHeight, int availableWidth) => throw null;
        public void ComputeTextInRect(
            string text, out int renderWidth, out int renderHeight, int xRelStart, int yRelStart, int availableWidth, int availableHeight,
            uint dtFlags) => throw null;
    }

    public class GraphicDriver
    {
        public uint Width { get => throw null; set => throw null; }
        public uint Height { get => throw null; set => throw null; }
        public byte BitsPerPixel { get => throw null; set => throw null; }
        public byte[] InitializationSequence { get => throw null; set => throw null; }
        public byte MemoryWrite { get => throw null; set => throw null; }
        public byte SetColumnAddress { get => throw null; set => throw null; }
        public byte SetRowAddress { get => throw null; set => throw null; }
        public byte[] PowerModeNormal { get => throw null; set => throw null; }
        public byte[] PowerModeSleep { get => throw null; set => throw null; }
        public byte[] OrientationPortrait { get => throw null; set => throw null; }
        public byte[] OrientationPortrait180 { get => throw null; set => throw null; }
        public byte[] OrientationLandscape { get => throw null; set => throw null; }
        public byte[] OrientationLandscape180 { get => throw null; set => throw null; }
        public byte[] Clear { get => throw null; set => throw null; }
        public byte Brightness { get => throw null; set => throw null; }
        public DisplayOrientation DefaultOrientation { get => throw null; set => throw null; }
        public SetWindowType SetWindowType { get => throw null; set => throw null; }
    }

    public enum GraphicDriverCommandType
    {
        Sleep, Command,
    }

    public struct I2cConfiguration
    {
        private readonly int _state;
        public byte I2cBus { get => throw null; set => throw null; }
        public byte Address { get => throw null; set => throw null; }
        public bool FastMode { get => throw null; set => throw null; }
        public I2cConfiguration(byte i2cBus, byte address, bool fastMode) => throw null;
    }

    public struct ScreenConfiguration
    {
        private readonly int _state;
        public ushort X { get => throw null; set => throw null; }
        public ushort Y { get => throw null; set => throw null; }
        public ushort Width { get => throw null; set => throw null; }
        public ushort Height { get => throw null; set => throw null; }
        public GraphicDriver GraphicDriver { get => throw null; set => throw null; }
        public ScreenConfiguration(ushort x, ushort y, ushort width, ushort height, GraphicDriver graphicDriver = null) => throw null;
    }

    public enum SetWindowType
    {
        NoWindowing, X8bitsY1Bit, X8bitsY8Bits, X16bitsY16Bit,
    }

    public struct SpiConfiguration
    {
        private readonly int _state;
        public byte SpiBus { get => throw null; set => throw null; }
        public int ChipSelect { get => throw null; set => throw null; }
        public int DataCommand { get => throw null; set => throw null; }
        public int Reset { get => throw null; set => throw null; }
        public int BackLight { get => throw null; set => throw null; }
        public SpiConfiguration(byte spiBus, int chipselect, int dataCommand, int reset, int backLight) => throw null;
    }
}
