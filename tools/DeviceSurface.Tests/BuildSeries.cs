using System.Xml.Linq;

namespace Carveout.DeviceSurface.Tests;

/// <summary>Builds one after the other in one process, each with a source file or properties of its own: starting MSBuild costs more than
/// most builds.</summary>
internal sealed class BuildSeries
{
    private const string Begin = "==== ", Succeeded = "==== succeeded";

    private readonly TemporaryFolder _folder;
    private readonly string? _source;
    private readonly XElement _target = new("Target", new XAttribute("Name", "Build"));
    private string[] _sections = [];

    /// <param name="folder">Where the projects are, unless their paths say otherwise.</param>
    /// <param name="source">The file in which builds differ; none if they differ in properties alone.</param>
    public BuildSeries(TemporaryFolder folder, string? source = null)
    {
        _folder = folder;
        _source = source;
    }

    /// <summary>What the whole series wrote.</summary>
    public string Output { get; private set; } = "";

    /// <summary>Restores what a project and those that it refers to need.</summary>
    public BuildSeries Restore(string project, params string[] properties)
    {
        Call(project, "Restore", properties.Append("BuildSeriesName=restore"));
        return this;
    }

    /// <summary>A build after those before it.</summary>
    /// <param name="name">To find its result.</param>
    /// <param name="project">The project's path.</param>
    /// <param name="text">What the source file contains from now on; none to leave it as it is.</param>
    /// <param name="properties">As after -p:. MSBuild remembers what it has built with the same ones, so a build without any gets one.</param>
    public BuildSeries Add(string name, string project, string? text, params string[] properties) => AddTarget(name, project, "Build", text, properties);

    /// <summary>The same for another target.</summary>
    public BuildSeries AddTarget(string name, string project, string target, string? text, params string[] properties)
    {
        if (text is not null)
        {
            _folder.Write($"{name}.txt", text);
            _target.Add(
                new XElement("Copy", new XAttribute("SourceFiles", _folder.PathOf($"{name}.txt")), new XAttribute("DestinationFiles", _folder.PathOf(_source!))),
                new XElement("Touch", new XAttribute("Files", _folder.PathOf(_source!))));
        }

        Say(Begin + name);
        Call(project, target, properties.Length == 0 ? ["BuildSeriesName=" + name] : properties);
        Say(Succeeded, "'$(MSBuildLastTaskResult)' == 'true'");
        return this;
    }

    /// <summary>Keeps a product of the last build, which the next one overwrites.</summary>
    public BuildSeries Keep(string product, string copy)
    {
        _target.Add(new XElement("Copy", new XAttribute("SourceFiles", _folder.PathOf(product)), new XAttribute("DestinationFiles", _folder.PathOf(copy))));
        return this;
    }

    /// <summary>Notes here when files were written last.</summary>
    public BuildSeries AddTimes(string name, params string[] patterns)
    {
        _target.Add(
            new XElement("ItemGroup", new XElement(name, new XAttribute("Include", string.Join(';', patterns.Select(p => _folder.PathOf("**/" + p)))))),
            new XElement(
                "WriteLinesToFile",
                new XAttribute("File", _folder.PathOf(name + ".times")),
                new XAttribute("Lines", $"@({name}->'%(FullPath) %(ModifiedTime)')")));
        return this;
    }

    /// <summary>Builds, in the order in which the builds were added.</summary>
    public BuildSeries Run()
    {
        _folder.Write("series.proj", new XElement("Project", new XAttribute("DefaultTargets", "Build"), _target).ToString());
        Output = DotnetRun.Start(
            _folder.Path, "msbuild", "series.proj", "-nologo", "-verbosity:minimal", "-maxcpucount:1", "-terminalLogger:off", "-consoleLoggerParameters:NoSummary").Output;
        _sections = Output.Split('\n');
        return this;
    }

    /// <summary>What a build wrote, and 0 if it succeeded.</summary>
    public DotnetRun Of(string name)
    {
        int first = Array.FindIndex(_sections, line => line.Trim() == Begin + name) + 1;
        Assert.AreNotEqual(0, first, Output);
        int last = Array.FindIndex(_sections, first, line => line.TrimStart().StartsWith(Begin, StringComparison.Ordinal));
        bool succeeded = last >= 0 && _sections[last].Trim() == Succeeded;
        return new DotnetRun(succeeded ? 0 : 1, string.Join('\n', _sections[first..(last < 0 ? _sections.Length : last)]));
    }

    /// <summary>The noted times: a path and a time in each line.</summary>
    public string[] Times(string name) => File.ReadAllLines(_folder.PathOf(name + ".times"));

    private void Call(string project, string target, IEnumerable<string> properties) => _target.Add(new XElement(
        "MSBuild",
        new XAttribute("Projects", _folder.PathOf(project)),
        new XAttribute("Targets", target),
        new XAttribute("Properties", string.Join(';', properties)),
        new XAttribute("ContinueOnError", "true")));

    private void Say(string text, string condition = "true") => _target.Add(new XElement(
        "Message", new XAttribute("Importance", "high"), new XAttribute("Text", text), new XAttribute("Condition", condition)));
}
