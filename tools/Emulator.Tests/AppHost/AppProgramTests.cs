using System.Diagnostics;

namespace Carveout.Emulator.Tests.AppHost;

/// <summary>The application as a program on the host, in real time.</summary>
[TestClass]
public sealed class AppProgramTests
{
    private const int Patience = 60_000;

    [TestMethod]
    public void It_ends_by_itself()
    {
        using Process program = Start("2");
        string output = program.StandardOutput.ReadToEnd();
        Assert.IsTrue(program.WaitForExit(Patience));
        Assert.AreEqual(0, program.ExitCode, output);
        Assert.StartsWith("carveout on esp32cam\nmanaged banks: 4 of 782336 bytes", output);
        Assert.Contains("\nreport 1 after 00:00:01: ", output);
        Assert.EndsWith(": in order, as asked\n", output);
    }

    [TestMethod]
    [DataRow("0")]
    [DataRow("soon")]
    [DataRow("99999999999")]
    public void Seconds_that_are_none_are_one_message_and_exit_2(string seconds)
    {
        using Process program = Start(seconds);
        Assert.IsTrue(program.WaitForExit(Patience));
        Assert.AreEqual(2, program.ExitCode);
        Assert.AreEqual($"CARVEOUT_SECONDS={seconds}: expected seconds to run, 1 to 1000000\n", program.StandardError.ReadToEnd());
        Assert.AreEqual("", program.StandardOutput.ReadToEnd());
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows, IgnoreMessage = "sends a signal by the command kill")]
    public void Ctrl_c_ends_it_in_order()
    {
        using Process program = Start("1000");
        Assert.AreEqual("carveout on esp32cam", program.StandardOutput.ReadLine());
        using (Process kill = Process.Start("kill", ["-INT", program.Id.ToString()]))
        {
            kill.WaitForExit();
        }
        string output = program.StandardOutput.ReadToEnd();
        bool ended = program.WaitForExit(Patience);
        if (!ended)
        {
            program.Kill();
        }
        Assert.IsTrue(ended, "it goes on");
        Assert.AreEqual(130, program.ExitCode);
        Assert.EndsWith(": in order, as asked\n", output);
    }

    private static Process Start(string seconds)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(App.Program).Assembly.Location])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["CARVEOUT_SECONDS"] = seconds;
        return Process.Start(start)!;
    }
}
