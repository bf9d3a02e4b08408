using Carveout.IlCounter;

namespace Carveout.Emulator.Tests.IlCounting;

/// <summary>A sample assembly, written, instrumented and loaded.</summary>
sealed class MeasuredSample : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public MeasuredSample(Action<SampleAssembly> write)
    {
        var sample = new SampleAssembly("Sample");
        write(sample);
        TypeName = sample.TypeName;
        try
        {
            Meter = IlMeter.Load(sample.WriteTo(_folder));
        }
        catch
        {
            // If the load fails, as some tests want, the caller has nothing to dispose of.
            _folder.Dispose();
            throw;
        }
    }

    public IlMeter Meter { get; }

    public string TypeName { get; }

    public TDelegate Bind<TDelegate>(string method)
        where TDelegate : Delegate => Meter.BindStatic<TDelegate>(TypeName, method);

    public void Dispose() => _folder.Dispose();
}
