using System;

namespace System.Drawing
{
    public readonly struct Color
    {
        private readonly int _state;
        public static Color MediumAquamarine => throw null;
        public static Color MediumBlue => throw null;
        public static Color MediumOrchid => throw null;
        public static Color MediumPurple => throw null;
        public static Color MediumSeaGreen => throw null;
        public static Color MediumSlateBlue => throw null;
        public static Color MediumSpringGreen => throw null;
        public static Color Maroon => throw null;
        public static Color MediumTurquoise => throw null;
        public static Color MidnightBlue => throw null;
        public static Color MintCream => throw null;
        public static Color MistyRose => throw null;
        public static Color Moccasin => throw null;
        public static Color NavajoWhite => throw null;
        public static Color Navy => throw null;
        public static Color OldLace => throw null;
        public static Color MediumVioletRed => throw null;
        public static Color Magenta => throw null;
        public static Color Linen => throw null;
        public static Color LimeGreen => throw null;
        public static Color LavenderBlush => throw null;
        public static Color LawnGreen => throw null;
        public static Color LemonChiffon => throw null;
        public static Color LightBlue => throw null;
        public static Color LightCoral => throw null;
        public static Color LightCyan => throw null;
        public static Color LightGoldenrodYellow => throw null;
        public static Color LightGray => throw null;
        public static Color LightGreen => throw null;
        public static Color LightPink => throw null;
        public static Color LightSalmon => throw null;
        public static Color LightSeaGreen => throw null;
        public static Color LightSkyBlue => throw null;
        public static Color LightSlateGray => throw null;
        public static Color LightSteelBlue => throw null;
        public static Color LightYellow => throw null;
        public static Color Lime => throw null;
        public static Color Olive => throw null;
        public static Color OliveDrab => throw null;
        public static Color Orange => throw null;
        public static Color OrangeRed => throw null;
        public static Color Silver => throw null;
        public static Color SkyBlue => throw null;
        public static Color SlateBlue => throw null;
        public static Color SlateGray => throw null;
        public static Color Snow => throw null;
        public static Color SpringGreen => throw null;
        public static Color SteelBlue => throw null;
        public static Color Tan => throw null;
        public static Color Teal => throw null;
        public static Color Thistle => throw null;
        public static Color Tomato => throw null;
        public static Color Transparent => throw null;
        public static Color Turquoise => throw null;
        public static Color Violet => throw null;
        public static Color Wheat => throw null;
        public static Color White => throw null;
        public static Color WhiteSmoke => throw null;
        public static Color Sienna => throw null;
        public static Color Lavender => throw null;
        public static Color SeaShell => throw null;
        public static Color SandyBrown => throw null;
        public static Color Orchid => throw null;
        public static Color PaleGoldenrod => throw null;
        public static Color PaleGreen => throw null;
        public static Color PaleTurquoise => throw null;
        public static Color PaleVioletRed => throw null;
        public static Color PapayaWhip => throw null;
        public static Color PeachPuff => throw null;
        public static Color Peru => throw null;
        public static Color Pink => throw null;
        public static Color Plum => throw null;
        public static Color PowderBlue => throw null;
        public static Color Purple => throw null;
        public static Color Red => throw null;
        public static Color RosyBrown => throw null;
        public static Color RoyalBlue => throw null;
        public static Color SaddleBrown => throw null;
        public static Color Salmon => throw null;
        public static Color SeaGreen => throw null;
        public static Color Yellow => throw null;
        public static Color Khaki => throw null;
        public static Color Cyan => throw null;
        public static Color DarkMagenta => throw null;
        public static Color DarkKhaki => throw null;
        public static Color DarkGreen => throw null;
        public static Color DarkGray => throw null;
        public static Color DarkGoldenrod => throw null;
        public static Color DarkCyan => throw null;
        public static Color DarkBlue => throw null;
        public static Color Ivory => throw null;
        public static Color Crimson => throw null;
        public static Color Cornsilk => throw null;
        public static Color CornflowerBlue => throw null;
        public static Color Coral => throw null;
        public static Color Chocolate => throw null;
        public static Color DarkOliveGreen => throw null;
        public static Color Chartreuse => throw null;
        public static Color BurlyWood => throw null;
        public static Color Brown => throw null;
        public static Color BlueViolet => throw null;
        public static Color Blue => throw null;
        public static Color BlanchedAlmond => throw null;
        public static Color Black => throw null;
        public static Color Bisque => throw null;
        public static Color Beige => throw null;
        public static Color Azure => throw null;
        public static Color Aquamarine => throw null;
        public static Color Aqua => throw null;
        public static Color AntiqueWhite => throw null;
        public static Color AliceBlue => throw null;
        public static Color CadetBlue => throw null;
        public static Color DarkOrange => throw null;
        public static Color YellowGreen => throw null;
        public static Color DarkRed => throw null;
        public static Color Indigo => throw null;
        public static Color IndianRed => throw null;
        public static Color DarkOrchid => throw null;
        public static Color Honeydew => throw null;
        public static Color GreenYellow => throw null;
        public static Color Green => throw null;
        public static Color Gray => throw null;
        public static Color Goldenrod => throw null;
        public static Color Gold => throw null;
        public static Color GhostWhite => throw null;
        public static Color Gainsboro => throw null;
        public static Color Fuchsia => throw null;
        public static Color ForestGreen => throw null;
        public static Color HotPink => throw null;
        public static Color Firebrick => throw null;
        public static Color FloralWhite => throw null;
        public static Color DodgerBlue => throw null;
        public static Color DimGray => throw null;
        public static Color DeepSkyBlue => throw null;
        public static Color DeepPink => throw null;
        public static Color DarkViolet => throw null;
        public static Color DarkTurquoise => throw null;
        public static Color DarkSlateGray => throw null;
        public static Color DarkSlateBlue => throw null;
        public static Color DarkSeaGreen => throw null;
        public static Color DarkSalmon => throw null;
        public byte A => throw null;
        public byte B => throw null;
        public byte R => throw null;
        public byte G => throw null;
        public static Color FromArgb(int r, int g, int b) => throw null;
        public static Color FromArgb(int a, int r, int g, int b) => throw null;
        public static Color FromArgb(int argb) => throw null;
        public static Color FromArgb(int alpha, Color baseColor) => throw null;
        public static bool operator ==(Color left, Color right) => throw null;
        public static bool operator !=(Color left, Color right) => throw null;
        public static Color FromHex(string hexString) => throw null;
        public static Color GetFromString(string color) => throw null;
        public static bool TryGetColor(string strColor, out Color color) => throw null;
        public override bool Equals(object other) => throw null;
        public float GetBrightness() => throw null;
        public override int GetHashCode() => throw null;
        public float GetHue() => throw null;
        public float GetSaturation() => throw null;
        public int ToArgb() => throw null;
        public byte To1bpp() => throw null;
        public byte To4bppGrayscale() => throw null;
        public byte To8bppGrayscale() => throw null;
        public byte To8bppRgb332() => throw null;
        public ushort To12bppRgb444() => throw null;
        public ushort ToBgr565() => throw null;
        public uint ToRgbFormat(ColorOrder order, byte numR, byte numG, byte numB) => throw null;
        public static Color FromName(string colorName) => throw null;
        public override string ToString() => throw null;
    }

    public enum ColorOrder
    {
        Rgb, Bgr, Brg, Gbr, Rbg, Grb,
    }

    public enum ContentAlignment
    {
        TopLeft = 1, TopCenter, TopRight = 4, MiddleLeft = 16, MiddleCenter = 32, MiddleRight = 64, BottomLeft = 0x100,
        BottomCenter = 0x200, BottomRight = 0x400,
    }

    public struct Point
    {
        private readonly int _state;
        public static readonly Point Empty;
        public bool IsEmpty => throw null;
        public int X { get => throw null; set => throw null; }
        public int Y { get => throw null; set => throw null; }
        public Point(int x, int y) => throw null;
        public Point(Size sz) => throw null;
        public Point(int dw) => throw null;
        public static explicit operator Size(Point p) => throw null;
        public static Point operator +(Point pt, Size sz) => throw null;
        public static Point operator -(Point pt, Size sz) => throw null;
        public static bool operator ==(Point left, Point right) => throw null;
        public static bool operator !=(Point left, Point right) => throw null;
        public static Point Add(Point pt, Size sz) => throw null;
        public static Point Subtract(Point pt, Size sz) => throw null;
        public override bool Equals(object other) => throw null;
        public bool Equals(Point other) => throw null;
        public override int GetHashCode() => throw null;
        public void Offset(int dx, int dy) => throw null;
        public void Offset(Point p) => throw null;
        public override string ToString() => throw null;
    }

    public struct Rectangle
    {
        private readonly int _state;
        public static readonly Rectangle Empty;
        public Point Location { get => throw null; set => throw null; }
        public Size Size { get => throw null; set => throw null; }
        public int X { get => throw null; set => throw null; }
        public int Y { get => throw null; set => throw null; }
        public int Width { get => throw null; set => throw null; }
        public int Height { get => throw null; set => throw null; }
        public int Left => throw null;
        public int Top => throw null;
        public int Right => throw null;
        public int Bottom => throw null;
        public bool IsEmpty => throw null;
        public Rectangle(int x, int y, int width, int height) => throw null;
        public Rectangle(Point location, Size size) => throw null;
        public static Rectangle FromLTRB(int left, int top, int right, int bottom) => throw null;
        public override bool Equals(object other) => throw null;
        public bool Equals(Rectangle other) => throw null;
        public static bool operator ==(Rectangle left, Rectangle right) => throw null;
        public static bool operator !=(Rectangle left, Rectangle right) => throw null;
        public bool Contains(int x, int y) => throw null;
        public bool Contains(Point pt) => throw null;
        public bool Contains(Rectangle rect) => throw null;
        public override int GetHashCode() => throw null;
        public void Inflate(int width, int height) => throw null;
        public void Inflate(Size size) => throw null;
        public static Rectangle Inflate(Rectangle rect, int x, int y) => throw null;
        public void Intersect(Rectangle rect) => throw null;
        public static Rectangle Intersect(Rectangle a, Rectangle b) => throw null;
        public bool IntersectsWith(Rectangle rect) => throw null;
        public static Rectangle Union(Rectangle a, Rectangle b) => throw null;
        public void Offset(Point pos) => throw null;
        public void Offset(int x, int y) => throw null;
        public override string ToString() => throw null;
    }

    public struct Size
    {
        private readonly int _state;
        public static readonly Size Empty;
        public bool IsEmpty => throw null;
        public int Width { get => throw null; set => throw null; }
        public int Height { get => throw null; set => throw null; }
        public Size(Point pt) => throw null;
        public Size(int width, int height) => throw null;
        public static Size operator +(Size sz1, Size sz2) => throw null;
        public static Size operator -(Size sz1, Size sz2) => throw null;
        public static Size operator *(int left, Size right) => throw null;
        public static Size operator *(Size left, int right) => throw null;
        public static Size operator /(Size left, int right) => throw null;
        public static bool operator ==(Size sz1, Size sz2) => throw null;
        public static bool operator !=(Size sz1, Size sz2) => throw null;
        public static explicit operator Point(Size size) => throw null;
        public static Size Add(Size sz1, Size sz2) => throw null;
        public static Size Subtract(Size sz1, Size sz2) => throw null;
        public override bool Equals(object other) => throw null;
        public bool Equals(Size other) => throw null;
        public override int GetHashCode() => throw null;
        public override string ToString() => throw null;
    }
}

namespace nanoFramework.UI
{
    public enum DisplayOrientation
    {
        Portrait, Portrait180, Landscape, Landscape180,
    }

    public abstract class IFont
    {
        public virtual byte Width => throw null;
        public virtual byte Height => throw null;
        public abstract byte[] this[char character] { get; }
    }

    [Obsolete]
    public struct Point
    {
        private readonly int _state;
        public static Point Zero;
        public int X => throw null;
        public int Y => throw null;
        public Point(int x, int y) => throw null;
        public static bool operator ==(Point point, Point other) => throw null;
        public static bool operator !=(Point point, Point other) => throw null;
        public static Point operator +(Point point, Point other) => throw null;
        public static Point operator -(Point point, Point other) => throw null;
        public override bool Equals(object obj) => throw null;
        public override int GetHashCode() => throw null;
    }
}
