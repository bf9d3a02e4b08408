namespace Carveout.Emulator.Tests.Machine;

/// <summary>A simple model of a cache: a list of lines for each set, oldest first, each with a copy of its bytes.</summary>
internal sealed class CacheModel(byte[] memory, int line, int sets, int ways)
{
    private readonly List<Entry>[] _sets = [.. Enumerable.Range(0, sets).Select(_ => new List<Entry>())];

    public long Hits, Misses, WriteBacks, OverDma, Dropped, StaleRead, StaleDeviceLines, StaleDeviceBytes;

    private sealed class Entry
    {
        public required int Line;
        public required byte[] Bytes;
        public bool Dirty, Stale;

        /// <summary>The line's way: ways are given in turn, whether or not others are empty.</summary>
        public required int Way;
    }

    private readonly int[] _turn = new int[sets];

    public byte Read(int at, bool firstOfLine)
    {
        Entry entry = Get(at, firstOfLine);
        StaleRead += firstOfLine && entry.Stale ? 1 : 0;
        return entry.Bytes[at % line];
    }

    public void Write(int at, byte value, bool firstOfLine, bool whole)
    {
        Entry entry = Get(at, firstOfLine);
        if (firstOfLine)
        {
            StaleRead += entry.Stale && !whole ? 1 : 0;
            entry.Stale &= !whole;
        }
        entry.Dirty = true;
        entry.Bytes[at % line] = value;
    }

    public void Clean(int at, int length) => ForEach(at, length, entry =>
    {
        if (entry.Dirty)
        {
            Put(entry);
            entry.Dirty = entry.Stale = false;
        }
    });

    public void Invalidate(int at, int length) => ForEach(at, length, entry =>
    {
        Dropped += entry.Dirty ? 1 : 0;
        _sets[entry.Line % sets].Remove(entry);
    });

    public void DeviceWrite(int at, byte[] bytes)
    {
        bytes.CopyTo(memory, at);
        ForEach(at, bytes.Length, entry => entry.Stale = true);
    }

    public byte[] DeviceRead(int at, int length)
    {
        ForEach(at, length, entry =>
        {
            int start = entry.Line * line;
            int differ = Enumerable.Range(start, line).Count(i => entry.Dirty && i >= at && i < at + length && memory[i] != entry.Bytes[i - start]);
            StaleDeviceBytes += differ;
            StaleDeviceLines += differ > 0 ? 1 : 0;
        });
        return memory[at..(at + length)];
    }

    private Entry Get(int at, bool count)
    {
        List<Entry> set = _sets[at / line % sets];
        Entry? entry = set.Find(e => e.Line == at / line);
        if (count)
        {
            (entry is null ? ref Misses : ref Hits)++;
        }
        if (entry is null)
        {
            int way = _turn[at / line % sets]++ % ways;
            if (set.Find(e => e.Way == way) is { } old)
            {
                if (old.Dirty)
                {
                    Put(old);
                }
                set.Remove(old);
            }
            int start = at / line * line;
            entry = new Entry { Line = at / line, Bytes = memory[start..(start + line)], Way = way };
            set.Add(entry);
        }
        return entry;
    }

    private void Put(Entry entry)
    {
        WriteBacks++;
        OverDma += entry.Stale ? 1 : 0;
        entry.Bytes.CopyTo(memory, entry.Line * line);
    }

    private void ForEach(int at, int length, Action<Entry> action)
    {
        for (int number = at / line; length > 0 && number <= (at + length - 1) / line; number++)
        {
            if (_sets[number % sets].Find(e => e.Line == number) is { } entry)
            {
                action(entry);
            }
        }
    }
}
