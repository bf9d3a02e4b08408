using System.Text;
using Carveout.Diagnostics;
using Carveout.Emulator.Machine;
using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Presentation;

/// <summary>Writes the result of a run's pixels.</summary>
internal static class PixelText
{
    /// <summary>Lines that end with a line break.</summary>
    public static string Of(PlayResult result, PixelResult pixels)
    {
        PixelCounts counts = pixels.Counts;
        var text = new StringBuilder();
        text.AppendLine($"camera   sees {pixels.Movie}");
        text.AppendLine($"pixels   {pixels.Devices}");
        text.AppendLine($"frames   {result.Frames} shown, {counts.Dropped} dropped, {counts.Torn} torn; {counts.Damaged} damaged, {counts.Overruns} "
            + $"of them overruns; display: {counts.Underruns} underruns, {counts.DisplayErrors} errors");
        text.AppendLine($"pipeline {CountText.Of(counts.Stalls, "wait")} in vain, {CountText.Of(counts.Restarts, "restart")} of the camera, {CountText.Of(counts.LostInterrupts, "interrupt")} lost, "
            + $"{CountText.Of(counts.Recovered, "frame")} found by asking");
        text.AppendLine($"memory   {counts.StaleLinesReadByCpu} stale lines read by the CPU, {counts.StaleLinesReadByDevices} by devices, "
            + $"{CountText.Of(counts.Copies, "frame")} copied, {CountText.Of(pixels.AllocationsAfterStart, "allocation")} after start");
        text.AppendLine($"buddyinfo of {pixels.Zone} the same before the start and after the stop in {pixels.SameBuddyInfo} of {pixels.Starts} "
            + "loops");
        foreach (FaultOutcome fault in pixels.Faults)
        {
            text.AppendLine(Outcome(fault));
        }
        if (pixels.Files > 0)
        {
            text.AppendLine($"{CountText.Of(pixels.Files, "frame")} written as PNG");
        }
        text.AppendLine(pixels.BytesNotReturned == 0
            ? "after the stop every byte of camera and display is back"
            : $"after the stop {SizeText.Of(pixels.BytesNotReturned)} are not back, which is a defect of Carveout");
        return text.ToString();
    }

    private static string Outcome(FaultOutcome fault)
    {
        if (fault.Counts is not { } counts)
        {
            return $"fault    {fault.Order}: did not strike";
        }
        var facts = new List<string>();
        Add(facts, counts.Dropped, "frames dropped");
        Add(facts, counts.Damaged, "damaged");
        Add(facts, counts.Torn, "torn");
        Add(facts, counts.Underruns + counts.DisplayErrors, "display errors");
        Add(facts, counts.Stalls, "waits in vain");
        Add(facts, counts.Restarts, "restarts");
        Add(facts, counts.LostInterrupts, "interrupts lost");
        Add(facts, counts.Recovered, "frames found by asking");
        facts.Add(fault.LongestGapSeconds is double gap
            ? string.Create(CultureInfo.InvariantCulture, $"longest time without a new frame {gap * 1000:0} ms")
            : "no frame came any more");
        return $"fault    {fault.Order}: struck after {ClockText.Of(fault.StruckAtSeconds!.Value)}; {string.Join(", ", facts)}";
    }

    private static void Add(List<string> facts, long count, string what)
    {
        if (count > 0)
        {
            facts.Add($"{count} {what}");
        }
    }
}
