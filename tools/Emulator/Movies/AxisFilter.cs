namespace Carveout.Emulator.Movies;

/// <summary>Resamples along one axis of a plane, with weights of the source samples for each target sample.</summary>
/// <remarks>Cubic convolution (R. G. Keys, 1981) with a = -0.6, the default of ffmpeg's scaler. When reducing, the filter is wider by the
/// factor of the reduction. Weights are multiples of 1/<see cref="One"/>, and their sum is 1. Beyond the edge the last sample is
/// repeated.</remarks>
internal sealed class AxisFilter
{
    /// <summary>The weight of a single sample.</summary>
    public const int One = 1 << Bits;

    /// <summary>Binary places of a weight.</summary>
    public const int Bits = 12;

    private const double Negligible = 1e-6, Sharpness = -0.6;

    private readonly int[] _first, _count, _weights;
    private readonly int _taps;

    /// <summary>Makes a filter from the samples of one plane to those of another.</summary>
    /// <param name="samples">Samples of the source plane.</param>
    /// <param name="positions">By target sample: its place, in source samples. The middle of the first source sample is at 0.</param>
    /// <param name="distance">Source samples from one target sample to the next.</param>
    public AxisFilter(int samples, double[] positions, double distance)
    {
        double scale = Math.Max(1, distance), reach = 2 * scale;
        _taps = (2 * (int)Math.Ceiling(reach)) + 1;
        _first = new int[positions.Length];
        _count = new int[positions.Length];
        _weights = new int[positions.Length * _taps];
        double[] weights = new double[_taps];
        IsCopy = samples == positions.Length;
        for (int i = 0; i < positions.Length; i++)
        {
            double middle = positions[i];
            int low = (int)Math.Ceiling(middle - reach + Negligible), high = (int)Math.Floor(middle + reach - Negligible);
            int first = Math.Clamp(low, 0, samples - 1), last = Math.Clamp(high, 0, samples - 1);
            Array.Clear(weights);
            double sum = 0;
            for (int at = low; at <= high; at++)
            {
                double weight = Weight(Math.Abs(at - middle) / scale);
                weights[Math.Clamp(at, 0, samples - 1) - first] += weight;
                sum += weight;
            }
            _first[i] = first;
            _count[i] = last - first + 1;
            int left = One, heaviest = i * _taps;
            for (int tap = 0; tap < _count[i]; tap++)
            {
                int weight = (int)Math.Round(weights[tap] / sum * One);
                _weights[(i * _taps) + tap] = weight;
                left -= weight;
                heaviest = weight > _weights[heaviest] ? (i * _taps) + tap : heaviest;
            }
            _weights[heaviest] += left;
            Trim(i);
            IsCopy &= _first[i] == i && _weights[i * _taps] == One;
        }
    }

    /// <summary>How many samples it makes.</summary>
    public int Length => _first.Length;

    /// <summary>Whether it only copies.</summary>
    public bool IsCopy { get; }

    /// <summary>Resamples a line.</summary>
    public void Line(ReadOnlySpan<byte> from, Span<byte> to)
    {
        if (IsCopy)
        {
            from[..to.Length].CopyTo(to);
            return;
        }
        for (int i = 0; i < to.Length; i++)
        {
            int sum = One / 2, first = _first[i];
            ReadOnlySpan<int> weights = _weights.AsSpan(i * _taps, _count[i]);
            for (int tap = 0; tap < weights.Length; tap++)
            {
                sum += weights[tap] * from[first + tap];
            }
            to[i] = (byte)Math.Clamp(sum >> Bits, 0, 255);
        }
    }

    /// <summary>Makes a line from several lines.</summary>
    /// <param name="from">The source lines, <paramref name="width"/> bytes each.</param>
    /// <param name="width">Bytes in a line.</param>
    /// <param name="line">The number of the target line.</param>
    /// <param name="to">Receives it.</param>
    public void Lines(ReadOnlySpan<byte> from, int width, int line, Span<byte> to)
    {
        ReadOnlySpan<int> weights = _weights.AsSpan(line * _taps, _count[line]);
        if (weights.Length == 1)
        {
            from.Slice(_first[line] * width, width).CopyTo(to);
            return;
        }
        for (int x = 0; x < width; x++)
        {
            int sum = One / 2, at = (_first[line] * width) + x;
            foreach (int weight in weights)
            {
                sum += weight * from[at];
                at += width;
            }
            to[x] = (byte)Math.Clamp(sum >> Bits, 0, 255);
        }
    }

    /// <summary>Drops weights of 0 at both ends. If source and target coincide, one sample is left, and the line is copied.</summary>
    private void Trim(int sample)
    {
        Span<int> weights = _weights.AsSpan(sample * _taps, _count[sample]);
        int skipped = weights.IndexOfAnyExcept(0);
        _count[sample] = weights.LastIndexOfAnyExcept(0) + 1 - skipped;
        _first[sample] += skipped;
        weights[skipped..].CopyTo(weights);
    }

    /// <param name="distance">Distance from the middle, at least 0.</param>
    private static double Weight(double distance)
    {
        double square = distance * distance, cube = square * distance;
        return distance < 1 ? ((Sharpness + 2) * cube) - ((Sharpness + 3) * square) + 1
            : distance < 2 ? Sharpness * (cube - (5 * square) + (8 * distance) - 4)
            : 0;
    }
}
