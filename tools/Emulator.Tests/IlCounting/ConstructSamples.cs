using System.Text;

namespace Carveout.Emulator.Tests.IlCounting.Constructs;

/// <summary>Compiled C# whose results instrumentation must not change: each method turns a number into a trace of what it did.</summary>
/// <remarks>Only results are compared, not counts, which depend on the configuration of the build.</remarks>
public static class ConstructSamples
{
    static readonly int[] Weights = [3, 1, 4, 1, 5, 9, 2, 6];

    public static string NestedLoops(int n)
    {
        var trace = new StringBuilder();
        for (int i = 0; i < n; i++)
        {
            for (int j = i; ; j++)
            {
                if (j % 3 == 2)
                    continue;
                if (j > n || (i + j) % 7 == 6)
                    break;
                trace.Append(i * j).Append(i > j ? 'a' : i == j ? 'b' : 'c');
            }
        }
        do
        {
            trace.Append(n);
            n -= 3;
        }
        while (n > 0);
        return trace.ToString();
    }

    public static string Switches(int n)
    {
        string dense = n switch
        {
            0 => "zero",
            1 or 2 => "few",
            3 => "three",
            4 => "four",
            > 7 and < 10 => "eight",
            < 0 => "neg",
            _ => "many",
        };
        string text = (n % 4).ToString() switch { "0" => "q", "1" => "r", "2" => "s", "3" => "t", "-1" => "u", _ => "v" };
        long sum = 0;
        switch (n)
        {
            case 1:
                sum = 100;
                goto case 2;
            case 2:
                sum += 7;
                break;
            case 1000:
            case 3:
                sum = -1;
                break;
            default:
                sum = n << 5 ^ (uint)n >> 3;
                break;
        }
        return dense + text + sum;
    }

    public static string Handlers(int n)
    {
        var trace = new StringBuilder();
        for (int i = 0; i < 3; i++)
        {
            try
            {
                try
                {
                    trace.Append('t');
                    trace.Append(Weights[n + i]);
                    if (n == 4)
                        continue;
                    trace.Append(60 / (n - 2));
                    if (n == 5)
                        return trace.Append("ret").ToString();
                }
                catch (DivideByZeroException)
                {
                    trace.Append('d');
                    throw new InvalidOperationException("from handler");
                }
                finally
                {
                    trace.Append('f');
                    if (i == 2)
                        trace.Append('!');
                }
            }
            catch (IndexOutOfRangeException e) when (Note(trace, e, n < 0))
            {
                trace.Append("below");
            }
            catch (Exception e) when (Note(trace, e, n != 8))
            {
                trace.Append(e.GetType().Name);
            }
        }
        return trace.ToString();
    }

    public static string FailingFilter(int n)
    {
        var trace = new StringBuilder();
        try
        {
            try
            {
                Throw(n);
            }
            catch (ArgumentException) when (Weights[n] > 4)
            {
                trace.Append("filtered");
            }
            finally
            {
                trace.Append("finally");
            }
        }
        catch (ArgumentException e)
        {
            trace.Append(e.ParamName);
            try
            {
                throw;
            }
            catch (Exception again)
            {
                trace.Append(ReferenceEquals(again, e));
            }
        }
        return trace.ToString();
    }

    public static string Generics(int n)
    {
        var numbers = new Ring<int>(3);
        var words = new Ring<string>(2);
        for (int i = 0; i < n; i++)
        {
            numbers.Push(i * i);
            words.Push("w" + i);
        }
        string made = Ring<int>.Made + Ring<string>.Made.GetType().Name;
        return Joined(numbers.Items()) + Joined(words.Items()) + made + Larger(n, 5) + Larger("b", "a");
    }

    public static string Delegates(int n)
    {
        int total = 0;
        Action<int> add = x => total += x;
        add += x => total *= 2;
        for (int i = 0; i < n; i++)
            add(i);
        Shape shape = n % 2 == 0 ? new Square(n) : new Shape();
        Func<int> area = shape.Area;
        IShape face = shape;
        return total + ":" + area() + face.Twice() + shape;
    }

    public static string Values(int n)
    {
        var point = new Point { X = n, Y = -n };
        Move(ref point, in point);
        ref int largest = ref Weights[0];
        for (int i = 1; i < Weights.Length; i++)
        {
            if (Weights[i] > largest)
                largest = ref Weights[i];
        }
        object boxed = point;
        Span<int> stack = stackalloc int[4];
        stack[n & 3] = ((Point)boxed).X;
        int[,] table = new int[2, 3];
        table[1, 2] = largest;
        double ratio = n / 4.0;
        int? some = n == 0 ? null : n;
        return $"{point} {stack[2]} {table[1, 2]} {ratio:0.00} {some} {checked((byte)(n & 0xFF))} {(long)n * int.MaxValue}";
    }

    public static string Overflow(int n)
    {
        try
        {
            return checked((byte)(n * 40)).ToString();
        }
        catch (OverflowException)
        {
            return "overflow";
        }
    }

    public static string Locks(int n)
    {
        var trace = new StringBuilder();
        lock (trace)
        {
            using var closing = new Closing(trace);
            foreach (char c in "abc")
            {
                if (c - 'a' == n)
                    return trace.Append("found").ToString();
                trace.Append(c);
            }
        }
        return trace.ToString();
    }

    /// <summary>Enough code for long branches, and for jumps that were short before anything was inserted.</summary>
    public static string LongBody(int n)
    {
        int a = n, b = 1, c = 2;
        for (int i = 0; i < 5; i++)
        {
            if ((a & 1) == 0)
            {
                a += Weights[i];
                b ^= Weights[i + 1];
                c -= Weights[i + 2];
                a ^= Weights[7 - i];
                b += Weights[6 - i];
                c ^= Weights[i];
                a += Weights[i];
                b ^= Weights[i + 1];
                c -= Weights[i + 2];
                a ^= Weights[7 - i];
                b += Weights[6 - i];
                c ^= Weights[i];
            }
            else if (b > c)
            {
                b -= Weights[i];
                c ^= Weights[i + 1];
                a -= Weights[i + 2];
                c ^= Weights[7 - i];
                a += Weights[6 - i];
                b ^= Weights[i];
            }
            else
            {
                c = a * 3 + b;
            }
        }
        return $"{a} {b} {c}";
    }

    static bool Note(StringBuilder trace, Exception e, bool accept)
    {
        trace.Append(e.GetType().Name[0]).Append(accept ? '+' : '-');
        return accept;
    }

    static void Throw(int n) => throw new ArgumentException("thrown", "p" + n);

    static string Joined<T>(IEnumerable<T> items) => string.Join(",", items);

    static T Larger<T>(T a, T b)
        where T : IComparable<T> => a.CompareTo(b) > 0 ? a : b;

    static void Move(ref Point moved, in Point by)
    {
        moved.X += by.Y;
        moved.Y += moved.X + 1;
    }

    struct Point
    {
        public int X;
        public int Y;

        public override readonly string ToString() => X + "," + Y;
    }

    interface IShape
    {
        int Area();

        int Twice() => 2 * Area();
    }

    class Shape : IShape
    {
        public virtual int Area() => 1;

        public override string ToString() => GetType().Name;
    }

    sealed class Square(int side) : Shape
    {
        public override int Area() => side * side + base.Area();
    }

    sealed class Closing(StringBuilder trace) : IDisposable
    {
        public void Dispose() => trace.Append("closed");
    }

    sealed class Ring<T>(int size)
    {
        public static readonly object Made = typeof(T).Name;
        readonly T[] _slots = new T[size];
        int _count;

        public void Push(T item) => _slots[_count++ % _slots.Length] = item;

        public IEnumerable<T> Items()
        {
            for (int i = 0; i < _slots.Length; i++)
            {
                if (i >= _count)
                    yield break;
                yield return _slots[i];
            }
        }
    }
}
