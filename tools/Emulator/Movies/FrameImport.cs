using Carveout.Video;

namespace Carveout.Emulator.Movies;

/// <summary>Converts a movie's frame to a display's: it scales the frame, and moves chroma to where the format has it.</summary>
/// <remarks>Luma and chroma have the same filter (<see cref="AxisFilter"/>). Formats of luma and chroma get limited range, with chroma in
/// the middle of the pixels that share it. RGB is converted by BT.601 in integers with 16 binary places, and for 16 bits cut to five and
/// six, as on the device; alpha is full.</remarks>
internal sealed class FrameImport
{
    private const int Fraction = 16, LimitedBlack = 16, Neutral = 128, Opaque = 255;

    private readonly Y4mHeader _movie;
    private readonly VideoFormat _format;
    private readonly FramePlacement _place;
    private readonly PlaneResampler _luma;
    private readonly PlaneResampler? _chroma;
    private readonly int _chromaWidth, _chromaHeight;
    private readonly byte[] _y, _u, _v;
    private readonly byte[] _lumaRange = new byte[256], _chromaRange = new byte[256];

    /// <summary>Prepares the filters and planes.</summary>
    /// <param name="movie">The movie's header.</param>
    /// <param name="format">Any format with pixels: not compressed, and not a sensor's samples.</param>
    /// <param name="fit">What happens if the ratios of the sides differ.</param>
    /// <exception cref="ArgumentException">The format is another.</exception>
    public FrameImport(Y4mHeader movie, VideoFormat format, ScaleFit fit)
    {
        _movie = movie;
        _format = format;
        if (!IsRgb && format.PixelFormat is not (PixelFormat.YUYV or PixelFormat.UYVY or PixelFormat.YUV420 or PixelFormat.NV12 or PixelFormat.GREY))
        {
            throw new ArgumentException($"cannot make {format} of a movie", nameof(format));
        }
        _place = FramePlacement.Of(movie.Width, movie.Height, format.Width, format.Height, fit);
        _y = new byte[_place.Width * _place.Height];
        _luma = new PlaneResampler(
            Axis(movie.Width, _place.CutX, _place.CutWidth, _place.Width, 1),
            Axis(movie.Height, _place.CutY, _place.CutHeight, _place.Height, 1), movie.Width, movie.Height);
        bool isGrey = format.PixelFormat == PixelFormat.GREY;
        _chromaWidth = isGrey ? 0 : IsRgb ? _place.Width : (_place.Width + 1) / 2;
        _chromaHeight = isGrey ? 0 : format.ChromaBytesPerLine != 0 ? (_place.Height + 1) / 2 : _place.Height;
        _u = new byte[_chromaWidth * _chromaHeight];
        _v = new byte[_chromaWidth * _chromaHeight];
        Array.Fill(_u, (byte)Neutral);
        Array.Fill(_v, (byte)Neutral);
        ChromaSampling sampling = movie.Chroma;
        if (!sampling.IsMono && !isGrey)
        {
            // If a size is odd, the samples are stretched over the picture, as ffmpeg does it: the last one counts as much as the others.
            int width = sampling.Width(movie.Width), height = sampling.Height(movie.Height);
            _chroma = new PlaneResampler(
                Axis(width, _place.CutX, _place.CutWidth, _chromaWidth, (double)movie.Width / width),
                Axis(height, _place.CutY, _place.CutHeight, _chromaHeight, (double)movie.Height / height), width, height);
        }
        for (int i = 0; i < 256; i++)
        {
            bool rescale = movie.Range == Quantization.FullRange && !IsRgb;
            _lumaRange[i] = (byte)(rescale ? LimitedBlack + (((i * 219) + 127) / 255) : i);
            _chromaRange[i] = (byte)(rescale ? Math.Round(Neutral + ((i - Neutral) * 224 / 255.0)) : i);
        }
    }

    private bool IsRgb => _format.PixelFormat is PixelFormat.RGB565 or PixelFormat.RGB565X or PixelFormat.RGB888 or PixelFormat.XRGB8888
        or PixelFormat.ARGB8888;

    /// <summary>Converts a frame; bars are black.</summary>
    /// <param name="frame">A frame of the movie.</param>
    /// <param name="image">Receives <see cref="VideoFormat.SizeImage"/> bytes; padding of lines is left alone.</param>
    public void Import(Y4mFrame frame, Span<byte> image)
    {
        _luma.Resample(frame.Luma, _y);
        if (_chroma is not null)
        {
            _chroma.Resample(frame.U, _u);
            _chroma.Resample(frame.V, _v);
        }
        if (IsRgb)
        {
            WriteRgb(image);
            return;
        }
        bool packed = _format.PixelFormat is PixelFormat.YUYV or PixelFormat.UYVY;
        for (int y = 0; y < _format.Height; y++)
        {
            Span<byte> line = image.Slice(y * _format.BytesPerLine, _format.LineSize);
            if (packed)
            {
                WritePairs(line, y - _place.Y, _format.PixelFormat == PixelFormat.UYVY ? 1 : 0);
            }
            else
            {
                WritePlane(line, 1, _y, _place.Width, y - _place.Y, _place.X, _lumaRange, LimitedBlack);
            }
        }
        int stride = _format.ChromaBytesPerLine, step = _format.PixelFormat == PixelFormat.NV12 ? 2 : 1;
        for (int y = 0; stride != 0 && y < _format.Height / 2; y++)
        {
            int at = y * stride, row = y - (_place.Y / 2), length = (((_format.Width / 2) - 1) * step) + 1;
            WritePlane(image.Slice(_format.UOffset + at, length), step, _u, _chromaWidth, row, _place.X / 2, _chromaRange, Neutral);
            WritePlane(image.Slice(_format.VOffset + at, length), step, _v, _chromaWidth, row, _place.X / 2, _chromaRange, Neutral);
        }
    }

    private static AxisFilter Axis(int samples, double cut, double length, int target, double subsampling)
    {
        double step = length / target;
        double[] positions = new double[target];
        for (int i = 0; i < target; i++)
        {
            // Positions count from the frame's edge first; then 0 becomes the middle of the first sample.
            positions[i] = ((cut + ((i + 0.5) * step)) / subsampling) - 0.5;
        }
        return new AxisFilter(samples, positions, step / subsampling);
    }

    /// <param name="line">Gets a sample at every <paramref name="step"/>-th byte.</param>
    /// <param name="step">1, or 2 if another plane has the bytes between them.</param>
    /// <param name="plane">The samples.</param>
    /// <param name="width">Samples of a line.</param>
    /// <param name="row">Which line of them.</param>
    /// <param name="x">Where in the frame's line they begin.</param>
    /// <param name="range">By sample, its converted value.</param>
    /// <param name="bar">The value beside the picture.</param>
    private static void WritePlane(Span<byte> line, int step, byte[] plane, int width, int row, int x, byte[] range, byte bar)
    {
        for (int i = 0; i < line.Length; i += step)
        {
            line[i] = bar;
        }
        if (row < 0 || width == 0 || row >= plane.Length / width)
        {
            return;
        }
        ReadOnlySpan<byte> from = plane.AsSpan(row * width, width);
        for (int i = 0; i < width; i++)
        {
            line[(x + i) * step] = range[from[i]];
        }
    }

    /// <param name="line">Gets pairs of pixels.</param>
    /// <param name="row">Which line.</param>
    /// <param name="luma">Which of two bytes is luma.</param>
    private void WritePairs(Span<byte> line, int row, int luma)
    {
        for (int i = 0; i < line.Length; i += 2)
        {
            line[i + luma] = LimitedBlack;
            line[i + 1 - luma] = Neutral;
        }
        if (row < 0 || row >= _place.Height)
        {
            return;
        }
        for (int x = 0; x < _place.Width; x++)
        {
            int at = 2 * (_place.X + x);
            line[at + luma] = _lumaRange[_y[(row * _place.Width) + x]];
            line[at + 1 - luma] = _chromaRange[((x & 1) == 0 ? _u : _v)[(row * _chromaWidth) + (x / 2)]];
        }
    }

    private void WriteRgb(Span<byte> image)
    {
        bool limited = _movie.Range == Quantization.LimitedRange;
        double scale = 1 << Fraction, gain = limited ? 255 / 219.0 : 1, chroma = limited ? 255 / 224.0 : 1;
        int luma = (int)Math.Round(gain * scale), black = limited ? LimitedBlack : 0;
        int redOfV = (int)Math.Round(1.402 * chroma * scale), blueOfU = (int)Math.Round(1.772 * chroma * scale);
        int greenOfU = (int)Math.Round(0.202008 / 0.587 * chroma * scale), greenOfV = (int)Math.Round(0.419198 / 0.587 * chroma * scale);
        int low = _format.PixelFormat == PixelFormat.RGB565X ? 1 : 0, size = _format.LineSize / _format.Width;
        for (int y = 0; y < _format.Height; y++)
        {
            Span<byte> line = image.Slice(y * _format.BytesPerLine, _format.LineSize);
            line.Clear();
            for (int o = 3; size == 4 && o < line.Length; o += size)
            {
                line[o] = Opaque;
            }
            int row = y - _place.Y;
            if (row < 0 || row >= _place.Height)
            {
                continue;
            }
            for (int x = 0; x < _place.Width; x++)
            {
                int at = (row * _place.Width) + x;
                int grey = ((_y[at] - black) * luma) + (1 << (Fraction - 1)), u = _u[at] - Neutral, v = _v[at] - Neutral;
                int red = Math.Clamp((grey + (redOfV * v)) >> Fraction, 0, 255);
                int green = Math.Clamp((grey - (greenOfU * u) - (greenOfV * v)) >> Fraction, 0, 255);
                int blue = Math.Clamp((grey + (blueOfU * u)) >> Fraction, 0, 255);
                int o = size * (_place.X + x);
                if (size == 2)
                {
                    int pixel = (red >> 3 << 11) | (green >> 2 << 5) | (blue >> 3);
                    line[o + low] = (byte)pixel;
                    line[o + 1 - low] = (byte)(pixel >> 8);
                    continue;
                }
                line[o] = (byte)blue;
                line[o + 1] = (byte)green;
                line[o + 2] = (byte)red;
            }
        }
    }
}
