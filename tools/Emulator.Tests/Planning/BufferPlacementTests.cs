using Carveout.Emulator.Planning;

namespace Carveout.Emulator.Tests.Planning;

/// <summary>The search for places of streams' buffers finds a place if and only if there is one.</summary>
[TestClass]
public sealed class BufferPlacementTests
{
    [TestMethod]
    public void It_finds_a_place_exactly_where_there_is_one()
    {
        ulong seed = TestSeed.Or(1);
        int rounds = TestSeed.Steps(3000);
        var random = new Random((int)seed);
        int found = 0;
        for (int round = 0; round < rounds; round++)
        {
            int pieces = random.Next(1, 4), streams = random.Next(1, 5);
            long[] room = [.. Enumerable.Range(0, pieces).Select(_ => (long)random.Next(0, 60))];
            int[] counts = [.. Enumerable.Range(0, streams).Select(_ => random.Next(1, 4))];
            // The size of a buffer differs by piece, as with cache lines.
            long[][] sizes = [.. counts.Select(_ => random.Next(3, 25)).Select(size => room.Select(_ => (long)size + random.Next(0, 2)).ToArray())];
            int[][]? placed = BufferPlacement.Find(counts, sizes, room, out bool gaveUp);
            Assert.IsFalse(gaveUp);
            Assert.AreEqual(Exists(counts, sizes, room), placed is not null, $"seed {seed}, round {round}");
            found += placed is null ? 0 : 1;
            Check(placed, counts, sizes, room);
        }
        Assert.IsTrue(found > rounds / 5 && found < rounds * 4 / 5, $"{found} of {rounds}: both answers have to come often");
    }

    /// <summary>Sixteen streams with unrelated sizes, in pieces that hold them exactly or are a byte too small.</summary>
    [TestMethod]
    public void Sixteen_streams_are_decided()
    {
        ulong seed = TestSeed.Or(2);
        int rounds = TestSeed.Steps(40);
        var random = new Random((int)seed);
        for (int round = 0; round < rounds; round++)
        {
            int[] counts = [.. Enumerable.Range(0, 16).Select(_ => random.Next(1, 5))];
            long[] bytes = [.. counts.Select(_ => 32L * random.Next(100, 5000))];
            long[] room = new long[4];
            for (int i = 0; i < counts.Length; i++)
            {
                for (int n = 0; n < counts[i]; n++)
                {
                    room[random.Next(room.Length)] += bytes[i];
                }
            }
            long[][] sizes = [.. bytes.Select(size => Enumerable.Repeat(size, room.Length).ToArray())];
            int[][]? placed = BufferPlacement.Find(counts, sizes, [.. room.Select(piece => piece + (4096 - piece % 4096) % 4096)], out bool gaveUp);
            Check(placed, counts, sizes, [.. room.Select(piece => piece + 4096)]);
            Assert.IsTrue(placed is not null || gaveUp, $"seed {seed}, round {round}: there is a place");
            room[0] -= 32;
            Assert.IsNull(BufferPlacement.Find(counts, sizes, room, out gaveUp));
            Assert.IsFalse(gaveUp, "bytes alone say no");
        }
    }

    [TestMethod]
    public void Streams_stay_whole_where_they_can()
    {
        int[][]? placed = BufferPlacement.Find([3, 3], [[10, 10], [10, 10]], [40, 30], out _);
        Assert.AreSequenceEqual(new[] { 3, 0 }, placed![0]);
        Assert.AreSequenceEqual(new[] { 0, 3 }, placed[1]);
    }

    private static void Check(int[][]? placed, int[] counts, long[][] sizes, long[] room)
    {
        for (int piece = 0; placed is not null && piece < room.Length; piece++)
        {
            Assert.IsLessThanOrEqualTo(room[piece], placed.Zip(sizes, (buffers, of) => buffers[piece] * of[piece]).Sum());
        }
        Assert.IsTrue(placed is null || placed.Zip(counts, (buffers, count) => buffers.Sum() == count).All(all => all));
    }

    /// <summary>Tries every piece for every buffer.</summary>
    private static bool Exists(int[] counts, long[][] sizes, long[] room)
    {
        long[][] buffers = [.. counts.SelectMany((count, i) => Enumerable.Repeat(sizes[i], count))];
        var seen = new HashSet<string>();
        return Rest(0);

        bool Rest(int buffer)
        {
            if (buffer == buffers.Length)
            {
                return true;
            }
            if (!seen.Add($"{buffer}: {string.Join(' ', room)}"))
            {
                return false;
            }
            for (int piece = 0; piece < room.Length; piece++)
            {
                room[piece] -= buffers[buffer][piece];
                bool fits = room[piece] >= 0 && Rest(buffer + 1);
                room[piece] += buffers[buffer][piece];
                if (fits)
                {
                    return true;
                }
            }
            return false;
        }
    }
}
