using Carveout.Emulator.Investigation;
namespace Carveout.Emulator.Report;
internal static class ReportPage
{
    public static string Of(StoryInvestigation found) => "";
}
