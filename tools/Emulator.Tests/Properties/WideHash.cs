using System.Numerics;
using System.Runtime.InteropServices;

namespace Carveout.Emulator.Tests.Properties;

/// <summary>A hash of 128 bits from two multiply-and-rotate chains. It tells millions of states apart, but is not secure against
/// attacks.</summary>
internal struct WideHash
{
    private ulong _high, _low;

    public readonly UInt128 Value => new(_high, _low);

    public void Append(ulong word)
    {
        _low = BitOperations.RotateLeft((_low ^ word) * 0x9E3779B97F4A7C15, 29) + 0x632BE59BD9B4E019;
        _high = BitOperations.RotateLeft((_high ^ word) * 0xD6E8FEB86659FD93, 37) + 0xA0761D6478BD642F;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        Append((ulong)bytes.Length);
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words)
        {
            Append(word);
        }
        foreach (byte rest in bytes[(8 * words.Length)..])
        {
            Append(rest);
        }
    }
}
