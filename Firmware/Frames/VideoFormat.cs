using System;
using Carveout.Memory;

namespace Carveout.Video
{
    /// <summary>Size, pixel format and layout of a picture, as V4L2's struct v4l2_pix_format. Immutable; two of the same numbers are equal.</summary>
    /// <remarks>
    /// <para>Bytes per line (of the first plane) are at least, and by default exactly:</para>
    /// <code>
    /// RGB565, RGB565X       2 * width      a multiple of 2
    /// RGB888                3 * width
    /// XRGB8888, ARGB8888    4 * width      a multiple of 4
    /// YUYV, UYVY            2 * width      a multiple of 4, even width
    /// YUV420                width          a multiple of 2, even width and height; a chroma line has half of it
    /// NV12                  width          a multiple of 2, even width and height; a chroma line has as much
    /// GREY                  width
    /// SBGGR8 to SRGGB8      width          even width and height
    /// SBGGR10 to SRGGB10    2 * width      a multiple of 2, even width and height
    /// SBGGR10P to SRGGB10P  width * 5 / 4  a width of whole fours, even height
    /// JPEG                  0
    /// </code>
    /// <para>The size of an image is lines * bytes per line, for YUV420 and NV12 1.5 times that. These are the formulas of v4l2_fill_pixfmt, but
    /// where that rounds an odd 4:2:x size up, this refuses. How large a compressed picture is, depends on what it shows: for JPEG the size is one
    /// that the caller names (<see cref="Compressed"/>), or else width * height / 5, an estimate that esp32-camera makes and that pictures may
    /// exceed.</para>
    /// </remarks>
    public sealed class VideoFormat
    {
        /// <summary>The widest and highest picture, in pixels: an image then stays within 1.5 GB and every product within 31 bits.</summary>
        public const int MaxSize = 16384;

        /// <summary>The longest line, in bytes: the widest picture at 32 bits a pixel.</summary>
        internal const int MaxBytesPerLine = 4 * MaxSize;

        private const int JpegPixelsPerByte = 5;

        private const int MaxCompressedSize = 32 * 1024 * 1024;

        /// <summary>A line for each format: V4L2's four-character code, which is the value in the enumeration; a letter for the layout; the
        /// name, filled up with spaces. What is asked for most comes first.</summary>
        private const string Formats =
            "RGBPaRGB565  "
            + "RGBRaRGB565X "
            + "YUYVbYUYV    "
            + "JPEGcJPEG    "
            + "YU12dYUV420  "
            + "GREYeGREY    "
            + "UYVYbUYVY    "
            + "NV12dNV12    "
            + "BGR3fRGB888  "
            + "XR24gXRGB8888"
            + "AR24gARGB8888"
            + "BA81hSBGGR8  "
            + "GBRGhSGBRG8  "
            + "GRBGhSGRBG8  "
            + "RGGBhSRGGB8  "
            + "BG10iSBGGR10 "
            + "GB10iSGBRG10 "
            + "BA10iSGRBG10 "
            + "RG10iSRGGB10 "
            + "pBAAjSBGGR10P"
            + "pGAAjSGBRG10P"
            + "pgAAjSGRBG10P"
            + "pRAAjSRGGB10P";

        /// <summary>Characters of a line, and where in it layout and name stand.</summary>
        private const int Line = 13, LayoutColumn = 4, NameColumn = 5;

        /// <summary>What a layout is made of: bits a pixel of the first plane, then the units of width, height and bytes per line, then whether
        /// chroma follows at half the width and height.</summary>
        private const int BitsMask = 0xFF, AcrossShift = 8, DownShift = 12, LineShift = 16, UnitMask = 0xF, HasChroma = 1 << 20;

        private const int Single = 1 << AcrossShift | 1 << DownShift, Pair = 2 << AcrossShift | 1 << DownShift, Square = 2 << AcrossShift | 2 << DownShift;

        /// <summary>A format whose lines follow each other without a gap.</summary>
        /// <param name="width">Pixels in a line, 1 to <see cref="MaxSize"/>.</param>
        /// <param name="height">Lines, 1 to <see cref="MaxSize"/>.</param>
        /// <exception cref="ArgumentException">There is no such format; the message says what was expected.</exception>
        public VideoFormat(int width, int height, PixelFormat pixelFormat)
            : this(width, height, pixelFormat, MinBytesPerLine(width, pixelFormat), 0)
        {
        }

        /// <summary>A format with a stride of its own, for devices that want lines at aligned addresses.</summary>
        /// <param name="width">Pixels in a line, 1 to <see cref="MaxSize"/>, in the format's unit.</param>
        /// <param name="height">Lines, 1 to <see cref="MaxSize"/>, in the format's unit.</param>
        /// <param name="bytesPerLine">Bytes from one line of the first plane to the next; 0 for JPEG, which has no lines.</param>
        /// <exception cref="ArgumentException">There is no such format; the message says what was expected.</exception>
        public VideoFormat(int width, int height, PixelFormat pixelFormat, int bytesPerLine)
            : this(width, height, pixelFormat, bytesPerLine, 0)
        {
        }

        // A compressed size of 0 is estimated, or there is none.
        private VideoFormat(int width, int height, PixelFormat pixelFormat, int bytesPerLine, int compressedSize)
        {
            int layout = LayoutOf(pixelFormat);
            if (!IsSize(width, layout >> AcrossShift & UnitMask))
            {
                throw new ArgumentOutOfRangeException(nameof(width), Short(width, height, pixelFormat)
                    + Expected("a width", " pixels", layout >> AcrossShift & UnitMask));
            }
            if (!IsSize(height, layout >> DownShift & UnitMask))
            {
                throw new ArgumentOutOfRangeException(nameof(height), Short(width, height, pixelFormat)
                    + Expected("a height", " lines", layout >> DownShift & UnitMask));
            }
            int least = width * (layout & BitsMask) / 8, unit = layout >> LineShift & UnitMask;
            int most = pixelFormat == PixelFormat.JPEG ? 0 : MaxBytesPerLine;
            if (bytesPerLine < least || bytesPerLine > most || bytesPerLine % unit != 0)
            {
                throw new ArgumentOutOfRangeException(nameof(bytesPerLine), Short(width, height, pixelFormat) + ": " + bytesPerLine.ToString()
                    + " bytes per line, expected " + least.ToString() + " to " + most.ToString() + ", a multiple of " + unit.ToString());
            }
            Width = width;
            Height = height;
            PixelFormat = pixelFormat;
            BytesPerLine = bytesPerLine;
            LineSize = least;
            SizeImage = pixelFormat == PixelFormat.JPEG ? (compressedSize == 0 ? Estimate(width, height) : compressedSize)
                : (layout & HasChroma) != 0 ? bytesPerLine * height / 2 * 3
                : bytesPerLine * height;
        }

        /// <summary>Pixels in a line.</summary>
        public int Width { get; }

        /// <summary>Lines.</summary>
        public int Height { get; }

        /// <summary>How a pixel is coded.</summary>
        public PixelFormat PixelFormat { get; }

        /// <summary>Bytes from one line to the next; of YUV420 and NV12 those of the Y plane, of JPEG 0.</summary>
        public int BytesPerLine { get; }

        /// <summary>Bytes from one line of a chroma plane to the next: of YUV420 half of <see cref="BytesPerLine"/>, of NV12 as many, of others
        /// 0.</summary>
        public int ChromaBytesPerLine
        {
            get { return PixelFormat == PixelFormat.YUV420 ? BytesPerLine / 2 : PixelFormat == PixelFormat.NV12 ? BytesPerLine : 0; }
        }

        /// <summary>Bytes of a whole image, of JPEG those that a buffer has room for.</summary>
        public int SizeImage { get; }

        /// <summary>Whether <see cref="SizeImage"/> is an estimate, which an image may exceed: of JPEG, where nobody named another.</summary>
        public bool IsEstimate { get { return PixelFormat == PixelFormat.JPEG && SizeImage == Estimate(Width, Height); } }

        /// <summary>Bytes of a line that hold pixels; the rest of <see cref="BytesPerLine"/> is padding.</summary>
        public int LineSize { get; }

        /// <summary>Bytes from the start of an image to its first U: to its U plane, or of NV12 to the plane of U and V.</summary>
        /// <exception cref="InvalidOperationException">The format has no planes.</exception>
        public int UOffset { get { return PlaneOffset(4); } }

        /// <summary>Bytes from the start of an image to its first V: to its V plane, of NV12 to the byte behind the first U.</summary>
        /// <exception cref="InvalidOperationException">The format has no planes.</exception>
        public int VOffset { get { return PixelFormat == PixelFormat.NV12 ? UOffset + 1 : PlaneOffset(5); } }

        /// <summary>JPEG in buffers of a size that the caller knows or has measured.</summary>
        /// <param name="width">Pixels in a line, 1 to <see cref="MaxSize"/>.</param>
        /// <param name="height">Lines, 1 to <see cref="MaxSize"/>.</param>
        /// <param name="size">Bytes that a picture has at most, 1 to 32 MB.</param>
        /// <returns>The format. A picture that is larger comes as an error, cut off at the buffer's end.</returns>
        /// <exception cref="ArgumentException">There is no such format; the message says what was expected.</exception>
        public static VideoFormat Compressed(int width, int height, int size)
        {
            Misuse.CheckRange(nameof(size), size, " bytes for a JPEG", 1, MaxCompressedSize);
            return new VideoFormat(width, height, PixelFormat.JPEG, 0, size);
        }

        /// <summary>The format nearest to what is asked for, as VIDIOC_TRY_FMT answers: sizes are cut to the limits and to even numbers, the
        /// line is padded.</summary>
        /// <param name="width">Pixels wished for; any number.</param>
        /// <param name="height">Lines wished for; any number.</param>
        /// <param name="pixelFormat">How a pixel is coded; this alone is not changed.</param>
        /// <param name="lineAlignment">A power of two that divides the bytes per line, 1 to 1024.</param>
        /// <returns>A valid format, whatever was wished for.</returns>
        /// <exception cref="ArgumentException">There is no such pixel format, or the alignment is not a power of two from 1 to 1024.</exception>
        public static VideoFormat Nearest(int width, int height, PixelFormat pixelFormat, int lineAlignment)
        {
            if (lineAlignment < 1 || lineAlignment > 1024 || (lineAlignment & (lineAlignment - 1)) != 0)
            {
                throw new ArgumentOutOfRangeException(nameof(lineAlignment), lineAlignment.ToString()
                    + ": expected a power of two, 1 to 1024");
            }
            int layout = LayoutOf(pixelFormat), least = layout >> LineShift & UnitMask, unit = least > lineAlignment ? least : lineAlignment;
            int across = Nearest(width, layout >> AcrossShift & UnitMask), down = Nearest(height, layout >> DownShift & UnitMask);
            int line = MinBytesPerLine(across, pixelFormat);
            return new VideoFormat(across, down, pixelFormat, (line + unit - 1) / unit * unit);
        }

        /// <summary>Whether another format has the same size, pixel format, bytes per line and bytes.</summary>
        /// <param name="obj">Anything, null as well.</param>
        /// <returns>True where pictures of the two may be exchanged.</returns>
        public override bool Equals(object? obj) => this == obj as VideoFormat;

        /// <summary>A number that equal formats have in common.</summary>
        /// <returns>Any number.</returns>
        public override int GetHashCode() => (SizeImage << 8) + Width ^ (int)PixelFormat;

        /// <summary>As <see cref="Equals(object)"/>; two that are null are equal.</summary>
        /// <param name="a">May be null.</param>
        /// <param name="b">May be null.</param>
        /// <returns>True where pictures of the two may be exchanged.</returns>
        public static bool operator ==(VideoFormat? a, VideoFormat? b)
        {
            return (object)a == (object)b || ((object)a != null && (object)b != null && a.Width == b.Width && a.Height == b.Height
                && a.PixelFormat == b.PixelFormat && a.BytesPerLine == b.BytesPerLine
                && a.SizeImage == b.SizeImage);
        }

        /// <summary>The opposite of equality.</summary>
        /// <param name="a">May be null.</param>
        /// <param name="b">May be null.</param>
        /// <returns>False where pictures of the two may be exchanged.</returns>
        public static bool operator !=(VideoFormat? a, VideoFormat? b)
        {
            return !(a == b);
        }

        /// <summary>For example "320x240 YUYV, 640 bytes a line, 153600 bytes".</summary>
        public override string ToString() =>
            Short() + ", " + BytesPerLine.ToString()
                + " bytes a line, " + SizeImage.ToString() + (IsEstimate ? " bytes, an estimate" : " bytes");

        /// <summary>As people say it: "320x240 RGB565".</summary>
        internal string Short() => Short(Width, Height, PixelFormat);

        /// <summary>V4L2's name of a format; nanoFramework's enumerations do not know theirs.</summary>
        /// <returns>Such as "YUYV".</returns>
        public static string NameOf(PixelFormat pixelFormat) => Formats.Substring(LineOf(pixelFormat) + NameColumn, Line - NameColumn).Trim();

        private static string Short(int width, int height, PixelFormat pixelFormat) =>
            width.ToString() + "x" + height.ToString() + " " + NameOf(pixelFormat);

        private static int MinBytesPerLine(int width, PixelFormat pixelFormat) => width * (LayoutOf(pixelFormat) & BitsMask) / 8;

        private static bool IsSize(int size, int unit) => size >= 1 && size <= MaxSize && size % unit == 0;

        private static string Expected(string what, string unit, int multiple) =>
            ": expected " + what + " of 1 to " + MaxSize.ToString() + unit + (multiple == 1 ? "" : ", a multiple of " + multiple.ToString());

        /// <summary>Where in <see cref="Formats"/> a format's line begins.</summary>
        private static int LineOf(PixelFormat pixelFormat)
        {
            string formats = Formats;
            for (int line = 0; line < formats.Length; line += Line)
            {
                int code = 0;
                for (int i = LayoutColumn - 1; i >= 0; i--)
                {
                    code = code << 8 | formats[line + i];
                }
                if (code == (int)pixelFormat)
                {
                    return line;
                }
            }
            throw new ArgumentOutOfRangeException(nameof(pixelFormat), ((int)pixelFormat).ToString()
                + ": expected the four-character code of a PixelFormat");
        }

        /// <summary>What a format is made of, in the bits that stand at the top.</summary>
        private static int LayoutOf(PixelFormat pixelFormat)
        {
            switch (Formats[LineOf(pixelFormat) + LayoutColumn])
            {
                case 'a':
                    return 16 | Single | 2 << LineShift;
                case 'b':
                    return 16 | Pair | 4 << LineShift;
                case 'c':
                    return Single | 1 << LineShift;
                case 'd':
                    return 8 | Square | 2 << LineShift | HasChroma;
                case 'e':
                    return 8 | Single | 1 << LineShift;
                case 'f':
                    return 24 | Single | 1 << LineShift;
                case 'g':
                    return 32 | Single | 4 << LineShift;
                case 'h':
                    return 8 | Square | 1 << LineShift;
                case 'i':
                    return 16 | Square | 2 << LineShift;
                default:
                    // Ten bits packed.
                    return 10 | 4 << AcrossShift | 2 << DownShift | 1 << LineShift;
            }
        }

        private static int Nearest(int size, int unit) => size < unit ? unit : size > MaxSize ? MaxSize : size - size % unit;

        private static int Estimate(int width, int height) => (width * height + JpegPixelsPerByte - 1) / JpegPixelsPerByte;

        /// <param name="quarters">Quarters of the Y plane that lie before the plane.</param>
        private int PlaneOffset(int quarters)
        {
            if (PixelFormat != PixelFormat.YUV420 && PixelFormat != PixelFormat.NV12)
            {
                throw new InvalidOperationException(ToString() + " has no planes: only YUV420 and NV12 have");
            }
            return BytesPerLine * Height / 4 * quarters;
        }
    }
}
