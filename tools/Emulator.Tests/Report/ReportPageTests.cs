using System.Text.RegularExpressions;
using Carveout.Board.Boards;
using Carveout.Emulator.Investigation;
using Carveout.Emulator.Replay;
using Carveout.Emulator.Report;
using Carveout.Emulator.Tests.Movies;
using Carveout.Emulator.Tests.Planning;

namespace Carveout.Emulator.Tests.Report;

[TestClass]
public sealed class ReportPageTests
{
    private static readonly Lazy<string> s_page = new(() => Page(Stm32F429Disco.Name));

    private static readonly Lazy<string> s_tracePage = new(() => TraceReportPage.Of(TraceInvestigation.Run(Traces.Read("movie"),
        new TraceQuestion(null, null, ReplayOptions.DefaultPoolFrom, 50, MovablePages.NoLimit), true, _ => { }, default)));

    [TestMethod]
    public void Page_needs_nothing_but_itself()
    {
        Assert.DoesNotMatchRegex("https?:|//|url\\(|@import|<script|<iframe|<object", WithoutComments(s_page.Value));
        Assert.Contains("Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\"", s_page.Value);
    }

    [TestMethod]
    public void Page_tells_the_whole_story()
    {
        foreach (string part in new[]
        {
            "Why the movie dies on stm32f429-disco", "Who has which memory", "What the player finds when it asks",
            "The largest free block, and a frame", "Who grows", "What tears the blocks", "page allocation failure: 152 KB exact", "owners: ",
            "carveout investigate --board stm32f429-disco",
            "app.leak leaks: ", "extfrag index ",
        })
        {
            Assert.Contains(part, s_page.Value);
        }
        foreach (InvestigationSetting setting in InvestigationSetting.All)
        {
            Assert.Contains(Plot.Escape(setting.Title), s_page.Value);
        }
    }

    [TestMethod]
    public void Every_class_of_a_mark_has_a_colour_in_light_and_in_dark()
    {
        MatchCollection marks = Regex.Matches(s_page.Value + s_tracePage.Value, "<(?:path|polyline|i) class=\"([^\"]*)\"");
        string[] classes = [.. marks.SelectMany(match => match.Groups[1].Value.Split(' ')).Distinct()];
        Assert.IsGreaterThan(8, classes.Length);
        foreach (string name in classes.Except(["grid", "line", "main", "wanted", "failure", "sparse"]))
        {
            Assert.HasCount(2, Regex.Matches(ReportStyle.Sheet, $"--{name}: #"), $"{name}: once in light, once in dark");
            Assert.Contains($"svg .{name} {{ fill: var(--{name}); }}", ReportStyle.Colours());
        }
    }

    [TestMethod]
    public void Reading_ends_with_what_to_do()
    {
        string story = s_page.Value[s_page.Value.IndexOf("<h2>What to do</h2>", StringComparison.Ordinal)..];
        Assert.Contains("carveout plan --board stm32f429-disco --stream 320x240:RGB565:", story);
        Assert.Contains("app.leak never gives back what it takes.", story);
        Assert.DoesNotContain("<h2>", story[4..]);
        string trace = s_tracePage.Value[s_tracePage.Value.IndexOf("<h2>What to do</h2>", StringComparison.Ordinal)..];
        Assert.Contains("new ReservedPool(", trace);
        Assert.DoesNotContain("<h2>", trace[4..]);
    }

    /// <summary>The compiler for devices accepts the code that the report suggests: the lines for every policy, and those for an owner.</summary>
    [TestMethod]
    public void Its_lines_of_c_sharp_are_device_code()
    {
        TraceFile trace = Traces.Read("movie");
        var arena = new TraceArena(8 << 20, 4096, TraceArena.Said);
        (string Words, string Line)[] steps =
        [
            .. TraceSetting.For(trace, arena, ReplayOptions.DefaultPoolFrom, 50, MovablePages.NoLimit).Select(setting => Advice.Policy(setting, trace, arena)),
            Advice.Owner("app"),
        ];
        Assert.HasCount(8, steps);
        foreach (string line in steps.Select(step => step.Line).Distinct())
        {
            Assert.DoesNotMatchRegex("START|BOARD", line);
            CompiledBoard.Compile("using System;\nusing Carveout.Board;\nusing Carveout.Diagnostics;\nusing Carveout.Memory;\n"
                + $"public static class Advised\n{{\n{line}\n}}\n", "Advised", typeof(MemoryMap), typeof(PageAllocator), typeof(OwnerTable), typeof(ReservedPool),
                typeof(DmaAllocator), typeof(Console));
        }
    }

    /// <summary>Simulated by Machado, Oliveira and Fernandes (2009), for full protanopia and deuteranopia, and for tritanopia. Distances
    /// are those of CIELAB, where 2.3 is just visible.</summary>
    [TestMethod]
    [DataRow(new[] { 1.0, 0, 0, 0, 1, 0, 0, 0, 1 }, DisplayName = "all colours")]
    [DataRow(new[] { 0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998 }, DisplayName = "no red")]
    [DataRow(new[] { 0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881 }, DisplayName = "no green")]
    [DataRow(new[] { 1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900 }, DisplayName = "no blue")]
    public void Swatches_can_be_told_apart_by_who_sees_fewer_colours(double[] seen)
    {
        foreach (string theme in ReportStyle.Sheet.Split("prefers-color-scheme: dark").Take(2))
        {
            (string Name, double[] Lab)[] swatches =
            [
                .. Regex.Matches(theme, "--(bad|good|free|(?:other|large|small)\\d): #([0-9a-f]{6})").DistinctBy(match => match.Groups[1].Value)
                    .Select(match => (match.Groups[1].Value, Lab(match.Groups[2].Value))),
            ];
            Assert.HasCount(20, swatches);
            foreach (((string Name, double[] Lab) one, (string Name, double[] Lab) other) in from a in swatches from b in swatches select (a, b))
            {
                // Shades of one figure lie side by side, owners anywhere.
                bool areShades = IsShade(one.Name), alike = areShades == IsShade(other.Name);
                double distance = Math.Sqrt(one.Lab.Zip(other.Lab, (x, y) => (x - y) * (x - y)).Sum());
                Assert.IsTrue(one.Name == other.Name || !alike || distance >= (areShades ? 6 : 12), $"{one.Name}, {other.Name}: {distance:0.0}");
            }
        }

        static bool IsShade(string name) => name.StartsWith("large", StringComparison.Ordinal) || name.StartsWith("small", StringComparison.Ordinal);

        double[] Lab(string hex)
        {
            double[] rgb = [.. Enumerable.Range(0, 3).Select(i => Linear(System.Convert.ToInt32(hex.Substring(2 * i, 2), 16) / 255.0))];
            double[] s = [.. Enumerable.Range(0, 3).Select(i => Enumerable.Range(0, 3).Sum(j => seen[(3 * i) + j] * rgb[j]))];
            double x = Root(((0.4124 * s[0]) + (0.3576 * s[1]) + (0.1805 * s[2])) / 0.9505), y = Root((0.2126 * s[0]) + (0.7152 * s[1]) + (0.0722 * s[2]));
            double z = Root(((0.0193 * s[0]) + (0.1192 * s[1]) + (0.9505 * s[2])) / 1.089);
            return [(116 * y) - 16, 500 * (x - y), 200 * (y - z)];
        }

        static double Linear(double c) => c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);

        static double Root(double t) => t > 0.008856 ? Math.Cbrt(t) : (7.787 * t) + (16.0 / 116);
    }

    [TestMethod]
    public void Coordinates_are_finite_and_inside_the_picture()
    {
        Assert.DoesNotMatchRegex("NaN|Infinity|∞", s_page.Value);
        foreach (Match match in Regex.Matches(s_page.Value + s_tracePage.Value, "style=\"(?:left|bottom):([^%]*)%"))
        {
            double share = double.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
            Assert.IsTrue(share is >= 0 and <= 100, match.Value);
        }
        foreach (Match match in Regex.Matches(s_page.Value, "points=\"([^\"]*)\""))
        {
            foreach (string[] point in match.Groups[1].Value.Split(' ').Select(point => point.Split(',')))
            {
                Assert.IsTrue(double.Parse(point[0]) is >= 0 and <= Plot.Width && double.Parse(point[1]) is >= 0 and <= Plot.Height, match.Value);
            }
        }
    }

    [TestMethod]
    public void Words_cannot_become_markup()
    {
        const string Nasty = "<b>\"&'";
        string figure = new Plot(Nasty).Row(0, Nasty).Name(0, Nasty).Column(0, Nasty).Note(0, Nasty, "wanted") + OwnerLook.Legend(("bad", Nasty));
        Assert.DoesNotContain("<b>", figure);
        Assert.HasCount(6, Regex.Matches(figure, "&lt;b&gt;&quot;&amp;&#39;"));
    }

    [TestMethod]
    public void Movie_that_plays_on_everywhere_has_a_report_too()
    {
        StoryInvestigation found = StoryInvestigation.Run(Imx31Reference.Name, 0.3, [1], InvestigationSetting.All, true, _ => { }, default);
        string page = ReportPage.Of(found);
        Assert.Contains("The movie plays on: imx31-reference", page);
        Assert.DoesNotMatchRegex("NaN|Infinity", page);
    }

    [TestMethod]
    public void Page_of_a_trace_shows_its_first_failure_and_says_what_it_cannot_know()
    {
        string page = s_tracePage.Value;
        foreach (string part in new[]
        {
            "Why 3 of 7 policies fail on movie.trace.gz", "operation 679 of 59964, loop 18", "The trace names no owners.", "What tears the blocks",
            "class=\"line failure\"", "page allocation failure: ", "size class 4 KB", "<td class=\"dies\">size class 4 KB</td>",
            "carveout investigate --trace movie.trace.gz --arena 8388608 --page 4096 --movable 50 --out DIR",
        })
        {
            Assert.Contains(part, page);
        }
        Assert.DoesNotMatchRegex("NaN|Infinity|∞", page);
        Assert.DoesNotMatchRegex("https?:|//|url\\(|@import|<script|<iframe|<object", WithoutComments(page));
    }

    [TestMethod]
    public void Dark_colours_stay_on_the_screen()
    {
        Assert.HasCount(1, Regex.Matches(ReportStyle.Sheet, "prefers-color-scheme"));
        Assert.Contains("@media screen and (prefers-color-scheme: dark)", ReportStyle.Sheet);
    }

    [TestMethod]
    [Timeout(120_000)]
    public void Browser_opens_it_without_a_complaint_or_a_request()
    {
        using var folder = new TemporaryFolder();
        // First show a page about which the browser must complain; otherwise its silence would mean nothing.
        File.WriteAllText(folder.File("bad.html"), s_page.Value.Replace("</body>", "<img src=\"http://192.0.2.1/x.png\"></body>"));
        (_, string[] complaints) = Chromium.Open(folder.File("bad.html"));
        Assert.HasCount(1, complaints, "the page's own policy refuses the picture");
        File.WriteAllText(folder.File("report.html"), s_page.Value);
        (string document, string[] console) = Chromium.Open(folder.File("report.html"));
        Assert.IsEmpty(console);
        Assert.Contains("To run it again", document);
        Assert.HasCount(Regex.Count(s_page.Value, "<svg"), Regex.Matches(document, "<svg"), "every figure was read as one");
        if (TestSeed.IsWhole)
        {
            // The same parts make up this page.
            File.WriteAllText(folder.File("trace.html"), s_tracePage.Value);
            (document, console) = Chromium.Open(folder.File("trace.html"));
            Assert.IsEmpty(console);
            Assert.HasCount(Regex.Count(s_tracePage.Value, "<svg"), Regex.Matches(document, "<svg"));
        }
    }

    private static string Page(string board) =>
        ReportPage.Of(StoryInvestigation.Run(board, 1, [1, 2], InvestigationSetting.All, true, _ => { }, default));

    private static string WithoutComments(string page) => Regex.Replace(page, "/\\*.*?\\*/", "");
}
