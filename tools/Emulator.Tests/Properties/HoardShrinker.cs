namespace Carveout.Emulator.Tests.Properties;

/// <summary>A shrinker that frees what the clients have, at times frees nothing, and at times asks for a page itself.</summary>
internal sealed class HoardShrinker(AllocatorChurn churn, PropertyRun run) : Shrinker
{
    public override string Name => "hoard";

    public override int Shrink(int pages)
    {
        if (run.Chance(30))
        {
            churn.TakeOne();
        }
        return run.Chance(70) ? churn.GiveBack(pages) : 0;
    }
}
