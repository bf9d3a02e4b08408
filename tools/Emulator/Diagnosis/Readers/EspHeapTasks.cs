using System.Text.RegularExpressions;

namespace Carveout.Emulator.Diagnosis;

/// <summary>What each task has of the heaps, as heap_task_info's users print it.</summary>
internal sealed partial class EspHeapTasks(Action<Dump> found) : EspHeapFormat
{
    private Dump? _tasks;

    /// <inheritdoc/>
    public override bool IsOpen => _tasks is not null;

    /// <inheritdoc/>
    public override bool Read(DumpLine line)
    {
        if (TaskRow().Match(line.Text) is not { Success: true } task || line.MayBeCutAt(task.Length))
        {
            return false;
        }
        string name = task.Groups["name"].Value.Trim();
        if (_tasks?.Holders.Any(holder => holder.Name == name) == true)
        {
            found(_tasks);
            _tasks = null;
        }
        _tasks ??= new Dump("heap per task", MemorySystem.EspIdf, line);
        _tasks.Holders.Add(new Holder(name, (Fields.Parse(task.Groups["b8"].ValueSpan) ?? 0) + (Fields.Parse(task.Groups["b32"].ValueSpan) ?? 0), 0));
        return true;
    }

    /// <inheritdoc/>
    public override void End(bool isCutOff)
    {
        if (_tasks is not null)
        {
            found(_tasks);
            _tasks = null;
        }
    }

    [GeneratedRegex(@"^Task: (?<name>.{1,40}?)\s*-> CAP_8BIT: (?<b8>[0-9]{1,10}) CAP_32BIT: (?<b32>[0-9]{1,10})")]
    private static partial Regex TaskRow();
}
