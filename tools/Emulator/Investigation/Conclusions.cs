namespace Carveout.Emulator.Investigation;
internal static class Conclusions
{
    public static IReadOnlyList<string> Of(StoryInvestigation found) => [];
}
