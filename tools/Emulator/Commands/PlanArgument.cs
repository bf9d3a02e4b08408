using System.CommandLine;
using System.CommandLine.Parsing;
using Carveout.Emulator.Planning;

namespace Carveout.Emulator.Commands;

/// <summary>The option of <c>play</c> that plays a plan. The plan replaces other options.</summary>
internal sealed class PlanArgument
{
    private readonly Option<string?> _file = new("--plan")
    {
        Description = "Play the streams of a plan, which plan --out wrote, from its reservation; the contract refuses one that is too small",
        HelpName = "PLAN.json",
    };

    private Option[] _decided = [];

    /// <summary>Adds the option to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="decided">The options that a plan replaces.</param>
    public void AddTo(Command command, Option[] decided)
    {
        command.Options.Add(_file);
        _decided = decided;
    }

    /// <summary>The plan; null if none is given.</summary>
    /// <param name="parsed">The command line.</param>
    /// <exception cref="UsageException">The file contains no plan, or options do not go together.</exception>
    public BootLayout? In(ParseResult parsed)
    {
        if (parsed.GetValue(_file) is not string path)
        {
            return null;
        }
        if (Array.Find(_decided, option => parsed.GetResult(option) is { Implicit: false }) is { } other)
        {
            throw new UsageException($"{other.Name}: the plan decides that; expected --plan without it");
        }
        return PlanFile.Read(path);
    }
}
