namespace Carveout.Emulator.Report;

/// <summary>The look of a report: on a wide screen, on a phone, in a dark room, on paper.</summary>
internal static class ReportStyle
{
    /// <summary>The style sheet. Colours are distinct for people who see fewer of them: owners also differ in lightness, and memory that
    /// can hold a request is darker, or lighter at night, than the rest.</summary>
    public const string Sheet = """
        :root { color-scheme: light dark; --paper: #ffffff; --ink: #1d2125; --dim: #5b6570; --rule: #dfe3e8; --soft: #f5f6f8; --free: #eef0f3;
          --bad: #c62f1d; --good: #0f8a72; --other0: #a9b2bc; --other1: #3f8fdc; --other2: #d9a3e0; --other3: #f0c93e; --other4: #343b42;
          --large0: #00281f; --large1: #004536; --large2: #00634e; --large3: #008267; --large4: #0fa184; --large5: #37bf9f;
          --small0: #b5651d; --small1: #c9803f; --small2: #d99b62; --small3: #e6b688; --small4: #f0d0b0; --small5: #f8e8d8; }
        @media screen and (prefers-color-scheme: dark) { :root { --paper: #14171a; --ink: #e4e7ea; --dim: #98a2ad; --rule: #30363c; --soft: #1c2024;
          --free: #22272c;
          --bad: #ff6a52; --good: #2fb89a; --other0: #6b7580; --other1: #3f7fd0; --other2: #c28fe0; --other3: #f2d45c; --other4: #dfe4e9;
          --large0: #c8fff0; --large1: #a0efda; --large2: #79dcc2; --large3: #56c7aa; --large4: #37b093; --large5: #1d987c;
          --small0: #a85f24; --small1: #8f5220; --small2: #76451d; --small3: #5f3919; --small4: #4a2d15; --small5: #372211; } }
        @media print { :root { color-scheme: light; } @page { margin: 14mm; } }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body { margin: 0 auto; padding: 2.5rem 1.25rem 4rem; max-width: 62rem; background: var(--paper); color: var(--ink);
          font: 1rem/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .35rem; letter-spacing: -.01em; }
        h2 { font-size: 1.25rem; line-height: 1.3; margin: 3rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--rule); }
        h3 { font-size: 1rem; margin: 2rem 0 .25rem; }
        p { margin: .4rem 0 .8rem; max-width: 46rem; }
        .dim, figcaption { color: var(--dim); }
        .conclusion { background: var(--soft); border-left: 3px solid var(--bad); padding: .9rem 1.1rem; margin: 1.5rem 0;
          border-radius: 0 4px 4px 0; }
        .conclusion.lives { border-color: var(--good); }
        .conclusion p { margin: .45rem 0; }
        .conclusion p:first-child { font-weight: 600; }
        figure { margin: 1.25rem 0 2rem; break-inside: avoid; }
        figcaption { font-size: .875rem; line-height: 1.45; max-width: 46rem; margin-bottom: 1.1rem; }
        figcaption b { color: var(--ink); display: block; font-size: 1rem; }
        .plot { display: grid; grid-template-columns: 4.25rem minmax(0, 1fr); font-size: .75rem; color: var(--dim);
          font-variant-numeric: tabular-nums; }
        .rows { position: relative; }
        .rows span { position: absolute; right: .5rem; transform: translateY(50%); white-space: nowrap; }
        .box { position: relative; height: 15rem; }
        .map .box { height: 24rem; }
        .torn .box { height: 16rem; }
        .small .box { height: 8rem; }
        .box svg { display: block; width: 100%; height: 100%; overflow: visible; }
        .box > span { position: absolute; left: .4rem; padding: 0 .25rem; }
        .box > span.wanted { color: var(--ink); }
        .columns { grid-column: 2; position: relative; height: 1.5rem; }
        .columns span { position: absolute; top: .25rem; transform: translateX(-50%); white-space: nowrap; }
        .columns .first { transform: none; } .columns .last { transform: translateX(-100%); }
        .map svg path, .torn svg path { shape-rendering: crispEdges; }
        .bands svg path:not(.grid) { stroke: var(--paper); stroke-width: .75; vector-effect: non-scaling-stroke; }
        .grid { stroke: var(--rule); stroke-width: 1; vector-effect: non-scaling-stroke; fill: none; }
        .line { fill: none; stroke-width: 2; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
        .line.bad { stroke-width: 3; } .line.other1 { stroke-dasharray: 9 3; } .line.other2 { stroke-dasharray: 3 3; }
        .line.other3 { stroke-dasharray: 9 3 2 3; }
        .line.main { stroke: var(--ink); } svg .line.wanted { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 5 4; }
        svg .line.failure { stroke: var(--bad); stroke-width: 1.5; stroke-dasharray: 2 3; }
        .legend { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; padding: 0 0 0 4.25rem; margin: .4rem 0 0;
          font-size: .8125rem; color: var(--dim); }
        .legend i { display: inline-block; width: .8em; height: .8em; margin-right: .4em; border-radius: 2px; background: currentColor;
          outline: 1px solid var(--rule); }
        .settings { width: 100%; border-collapse: collapse; margin: 1rem 0; font-size: .9375rem; }
        .settings th { text-align: left; font-weight: 600; font-size: .8125rem; color: var(--dim); padding: .3rem .75rem .3rem 0;
          border-bottom: 1px solid var(--rule); }
        .settings td { vertical-align: top; padding: .55rem .75rem .55rem 0; border-bottom: 1px solid var(--rule); line-height: 1.4; }
        .settings td:first-child { width: 32%; } .settings td.life { width: 27%; font-variant-numeric: tabular-nums; }
        .settings small { display: block; color: var(--dim); font-size: .8125rem; }
        .owners { border-collapse: collapse; font-size: .875rem; margin: 1rem 0; font-variant-numeric: tabular-nums; }
        .owners th, .owners td { text-align: right; padding: .25rem 0 .25rem 1.5rem; border-bottom: 1px solid var(--rule); }
        .owners th { font-weight: 600; font-size: .8125rem; color: var(--dim); }
        .owners th:first-child, .owners td:first-child { text-align: left; padding-left: 0; }
        .limits { max-width: 46rem; padding-left: 1.2rem; margin: .4rem 0 .8rem; } .limits li { margin: .3rem 0; }
        .bar { display: block; width: 100%; height: .45rem; margin-bottom: .3rem; background: var(--free); border-radius: 2px; overflow: hidden; }
        .bar svg { display: block; width: 100%; height: 100%; }
        .dies { color: var(--bad); } .lives { color: var(--good); }
        .pair { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0 2rem; }
        .pair .box { height: 11rem; } .pair .legend { padding-left: 0; font-size: .75rem; }
        pre { font: .78rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; background: var(--soft); padding: .8rem 1rem;
          overflow-x: auto; border-radius: 4px; margin: .5rem 0 1.25rem; }
        section.one { break-inside: avoid; }
        @media (max-width: 40rem) {
          body { padding: 1.5rem 1rem 3rem; } h1 { font-size: 1.45rem; }
          .plot { grid-template-columns: 3.6rem minmax(0, 1fr); } .legend { padding-left: 0; } .map .box { height: 19rem; } .box { height: 12rem; }
          .plot:not(.torn) .columns span:nth-child(even) { display: none; } .pair { display: block; }
          .pair > div + div { margin-top: 1.5rem; }
          .settings thead { display: none; } .settings tr { display: block; border-bottom: 1px solid var(--rule); padding: .6rem 0; }
          .settings td, .settings td:first-child, .settings td.life { display: block; width: auto; border: 0; padding: .12rem 0; } }
        .pair .columns span:nth-child(even):not(.last) { display: none; }
        @media print {
          body { max-width: none; padding: 0; font-size: 10pt; line-height: 1.4; } h2 { margin-top: 1.5rem; }
          h2, h3, h2 + p, h3 + p, thead { break-after: avoid; } tr, pre, .conclusion { break-inside: avoid; }
          p, .limits, figcaption { max-width: none; } figure { margin: .75rem 0 1.25rem; } figcaption { margin-bottom: .8rem; }
          .settings { font-size: .8125rem; } .settings td { padding: .3rem .75rem .3rem 0; }
          pre { white-space: pre-wrap; overflow: visible; font-size: .6rem; }
          .box { height: 8.5rem; } .map .box { height: 15rem; } .torn .box { height: 12rem; } .pair .box { height: 7.5rem; }
          .one h3 { margin-top: 1rem; } }
        """;

    /// <summary>The CSS classes of colours: for filled marks, for lines, and for the squares of a legend.</summary>
    public static string Colours()
    {
        string[] names = ["bad", "good", "free", .. Numbered("other", 5), .. Numbered("large", 6), .. Numbered("small", 6)];
        const string Sparse = "svg .sparse { opacity: .5; } .legend .sparse { color: var(--dim); opacity: .5; }\n";
        return string.Concat(names.Select(name => $"svg .{name} {{ fill: var(--{name}); }} .legend .{name} {{ color: var(--{name}); }} "
            + $"svg .line.{name} {{ fill: none; stroke: var(--{name}); }}\n")) + Sparse;

        static IEnumerable<string> Numbered(string name, int count) => Enumerable.Range(0, count).Select(i => $"{name}{i}");
    }
}
