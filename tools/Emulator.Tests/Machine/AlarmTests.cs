namespace Carveout.Emulator.Tests.Machine;

[TestClass]
public sealed class AlarmTests
{
    private readonly EventQueue _events = new();
    private readonly List<long> _rang = [];
    private readonly Alarm _alarm;

    public AlarmTests() => _alarm = new Alarm(_events, () => _rang.Add(_events.Now));

    [TestMethod]
    public void Rings_once_at_its_time()
    {
        _alarm.Set(10);
        Assert.IsTrue(_alarm.IsSet);
        _events.AdvanceTo(30);
        Assert.IsFalse(_alarm.IsSet);
        Assert.AreEqual("10", string.Join(' ', _rang));
    }

    [TestMethod]
    public void Does_not_ring_once_called_off()
    {
        _alarm.Set(10);
        _alarm.Cancel();
        _events.AdvanceTo(30);
        Assert.IsEmpty(_rang);
    }

    [TestMethod]
    [DataRow(20)]
    [DataRow(5)]
    public void Rings_only_at_the_time_that_it_was_set_for_last(long time)
    {
        _alarm.Set(10);
        _alarm.Set(time);
        _events.AdvanceTo(30);
        Assert.AreEqual($"{time}", string.Join(' ', _rang));
    }

    [TestMethod]
    public void Rings_once_where_it_was_set_twice_for_one_time()
    {
        _alarm.Set(10);
        _alarm.Cancel();
        _alarm.Set(10);
        _events.AdvanceTo(30);
        Assert.AreEqual("10", string.Join(' ', _rang));
    }

    [TestMethod]
    public void Time_passes_without_events_and_from_within_one()
    {
        _alarm.Set(10);
        _events.After(5, () =>
        {
            _events.AdvanceTo(12);
            _rang.Add(_events.Now);
        });
        _events.AdvanceTo(40);
        Assert.AreEqual("10 12", string.Join(' ', _rang));
        Assert.AreEqual(40, _events.Now);
        _events.AdvanceTo(30);
        Assert.AreEqual(40, _events.Now, "time does not go back");
    }
}
