using Carveout.Emulator.Investigation;
using Carveout.Emulator.Machine;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Carveout.Emulator.Presentation;

/// <summary>Writes an investigation for the terminal: a line for each setting, then the conclusions.</summary>
internal static class InvestigationTable
{
    /// <summary>The whole text.</summary>
    public static IRenderable Of(StoryInvestigation found)
    {
        Table table = new Table().Border(TableBorder.None).AddColumn("Setting").AddColumn("Died")
            .AddColumn(new TableColumn("Loops played").RightAligned()).AddColumn("First failure: min, median, max").AddColumn("Why (the earliest)");
        foreach (SettingFinding setting in found.Settings)
        {
            string colour = setting.Died == 0 ? "green" : "red";
            table.AddRow(new Text(setting.Setting.Title), new Markup($"[{colour}]{setting.Died}/{setting.Runs.Count}[/]"),
                new Text($"{Loops(setting.Loops.Min)}, {Loops(setting.Loops.Median)}, {Loops(setting.Loops.Max)}"), new Text(Times(setting.Seconds)),
                new Text(setting.Earliest.Verdict));
        }
        return new Rows([new Text(Heading(found)), new Text(""), table, new Text(""), .. Conclusions.Of(found).Select(line => new Text(line))]);
    }

    /// <summary>The options of the investigation.</summary>
    public static string Heading(StoryInvestigation found) => string.Create(CultureInfo.InvariantCulture,
        $"{found.Board}, {found.Hours} virtual hours, seeds {found.Seeds[0]} to {found.Seeds[^1]}");

    /// <summary>Times of the first failure, as a clock shows them.</summary>
    public static string Times(Spread seconds) => double.IsInfinity(seconds.Min)
        ? "plays on"
        : $"{Time(seconds.Min)}, {Time(seconds.Median)}, {Time(seconds.Max)}";

    private static string Time(double seconds) => double.IsInfinity(seconds) ? "plays on" : ClockText.Of(seconds);

    private static string Loops(double loops) => double.IsInfinity(loops) ? "all" : loops.ToString(CultureInfo.InvariantCulture);
}
