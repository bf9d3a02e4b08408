namespace Carveout.DeviceSurface.Tests.Probing;

/// <summary>The probes: small files of device code that must be accepted, or be refused at the line with the error.</summary>
[TestClass]
public sealed class ProbeTests
{
    private static readonly IReadOnlyList<Probe> _accepted = [.. Read("accepted"), .. LimitProbes.Accepted];
    private static readonly IReadOnlyList<Probe> _refused = [.. Read("refused"), .. LimitProbes.Refused];
    private static readonly IReadOnlyList<Probe> _refusedIfUnsafe = [.. _refused.Where(p => p.UnsafeErrors.Count > 0)];

    private static readonly Lazy<ProbeCompilation> _acceptance = new(() => ProbeCompilation.Run(_accepted, allowUnsafe: false));
    private static readonly Lazy<ProbeCompilation> _refusal = new(() => ProbeCompilation.Run(_refused, allowUnsafe: false));
    private static readonly Lazy<ProbeCompilation> _unsafeRefusal = new(() => ProbeCompilation.Run(_refusedIfUnsafe, allowUnsafe: true));

    public static IEnumerable<string> RefusedNames => _refused.Select(p => p.Name);

    public static IEnumerable<string> RefusedIfUnsafeNames => _refusedIfUnsafe.Select(p => p.Name);

    public static IEnumerable<string> CheckCodes => typeof(FindingCode).GetFields()
        .Select(f => (string)f.GetRawConstantValue()!)
        .Where(c => c != FindingCode.Unusable);

    [TestMethod]
    public void WhatTheDeviceSupportsIsAccepted()
    {
        Assert.IsEmpty(_acceptance.Value.Messages, string.Join('\n', _acceptance.Value.Messages));
    }

    [TestMethod]
    [DynamicData(nameof(RefusedNames))]
    public void WhatTheDeviceLacksIsRefusedAtItsLine(string name)
    {
        var probe = _refused.Single(p => p.Name == name);
        Assert.IsNotEmpty(probe.Errors, "the probe names no error");
        AssertRefused(probe, probe.Errors, _refusal.Value);
    }

    /// <summary>The second line of defence, if a project manages to allow unsafe blocks.</summary>
    [TestMethod]
    [DynamicData(nameof(RefusedIfUnsafeNames))]
    public void PointersThatCompileAreRefusedByTheIlCheck(string name)
    {
        var probe = _refusedIfUnsafe.Single(p => p.Name == name);
        AssertRefused(probe, probe.UnsafeErrors, _unsafeRefusal.Value);
    }

    [TestMethod]
    public void EveryFindingIsInAProbe()
    {
        string[] files = [.. _refused.Select(p => p.FileName)];
        var messages = _refusal.Value.Messages.Concat(_unsafeRefusal.Value.Messages);
        Message[] elsewhere = [.. messages.Where(m => !files.Contains(Path.GetFileName(m.File)))];
        Assert.IsEmpty(elsewhere, string.Join('\n', (object[])elsewhere));
    }

    /// <summary>The author wrote no 'checked', and would search for it in vain.</summary>
    [TestMethod]
    public void ArrayIndexOfTypeLongIsCalledWhatItIs()
    {
        var finding = _refusal.Value.MessagesAbout(_refused.Single(p => p.Name == "LongIndex")).Single();
        Assert.Contains("an array size or index of type long", finding.Text);
    }

    /// <summary>A local and each of its uses would give the same error; the first is enough.</summary>
    [TestMethod]
    public void NoPlaceIsRefusedTwiceForTheSameReason()
    {
        var findings = _refusal.Value.Messages.Where(m => m.Code.StartsWith("NFS", StringComparison.Ordinal));
        var repeated = findings.GroupBy(m => m.Text[..m.Text.IndexOf(m.Code, StringComparison.Ordinal)] + m.Code)
            .Where(g => g.Count() > 1)
            .SelectMany(g => g);
        Assert.IsEmpty(repeated, string.Join('\n', repeated));
    }

    [TestMethod]
    [DynamicData(nameof(CheckCodes))]
    public void EveryCodeOfTheCheckHasAProbeAndARowInTheReadme(string code)
    {
        string readme = Path.Combine(Locations.Repository, "tools", "DeviceSurface", "README.md");

        Assert.Contains(code, _refused.SelectMany(p => p.Errors.Concat(p.UnsafeErrors)).Select(e => e.Code).Concat(PeLimitTests.Codes));
        Assert.Contains($"\n| {code} |", File.ReadAllText(readme));
    }

    private static void AssertRefused(Probe probe, IEnumerable<ExpectedError> expected, ProbeCompilation compilation)
    {
        var messages = compilation.MessagesAbout(probe);
        foreach (var error in expected)
        {
            bool found = messages.Any(m => m.Code == error.Code && m.Line == error.Line);
            Assert.IsTrue(found, $"no {error.Code} at line {error.Line}, but:\n{string.Join('\n', messages)}");
        }
    }

    private static IEnumerable<Probe> Read(string kind) => Probe.ReadAll(Path.Combine(Locations.Probes, kind));
}
