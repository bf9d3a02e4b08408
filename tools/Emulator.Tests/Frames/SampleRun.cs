namespace Carveout.Emulator.Tests.Frames;

/// <summary>Runs of examples/Sample, each a process of its own.</summary>
internal static class SampleRun
{
    /// <summary>Runs it to its end.</summary>
    /// <param name="variables">Environment variables that it gets.</param>
    public static ProgramRun Of(params (string Name, string Value)[] variables) =>
        ProgramRun.Of("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "Sample.dll")], variables);
}
