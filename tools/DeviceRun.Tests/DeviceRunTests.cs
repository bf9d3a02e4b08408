namespace Carveout.DeviceRun.Tests;

/// <summary>What a user sees of runs that pass, fail, crash, stop half-way or do not begin.</summary>
[TestClass]
public sealed class DeviceRunTests
{
    [TestMethod]
    public void Tests_that_all_pass_are_reported_as_dotnet_test_does()
    {
        using var bench = new Bench();
        (int code, string output, string error) = bench.Run("test");

        Assert.AreEqual(0, code, output + error);
        Assert.AreEqual("", error);
        Assert.MatchesRegex(@"^Passed!  - Failed:     0, Passed:     4, Skipped:     0, Never ran:     0, Total:     4, Duration: \d+\.\d s - First.Tests\n$", output);
    }

    [TestMethod]
    public void The_runtime_gets_what_the_tests_refer_to_first_and_the_launcher_last()
    {
        using var bench = new Bench();
        bench.Run("test", "--clr-arg=--forcegc");
        string[] names = [.. bench.ClrArguments.Select(Path.GetFileName)!];

        Assert.AreSequenceEqual(
            new[] { "System.Private.CoreLib.pe", "NFUnitTest.pe", "nanoFramework.UnitTestLauncher.pe", "--forcegc" }, names);
    }

    [TestMethod]
    public void The_dotnet_tool_gets_its_command()
    {
        using var bench = new Bench();
        bench.Clr = bench.Says(Bench.AllPass, 0, "nanoclr");
        Assert.AreEqual(0, bench.Run("test").Code);
        Assert.AreSequenceEqual(new[] { "run", "--assemblies" }, bench.ClrArguments[..2]);
    }

    [TestMethod]
    public void A_test_that_fails_is_named_with_its_message()
    {
        using var bench = new Bench();
        bench.Clr = bench.Says([.. Bench.AllPass[..4], "Test failed,N.Second.Last.0,Expected:<1>, actual:<2>"], 0);
        (int code, string output, _) = bench.Run("test");

        Assert.AreEqual(1, code);
        Assert.Contains("  Failed N.Second.Last.0\n  Error Message:\n   Expected:<1>, actual:<2>\n", output);
        Assert.Contains("Failed!  - Failed:     1, Passed:     3,", output);
    }

    [TestMethod]
    [DataRow(0, 3, "1 of 4 tests never ran, in 1 of 2 classes. The run ended after N.First.Rows.0, with exit code 0", "N.First.Rows")]
    [DataRow(139, 4, "1 of 4 tests never ran, in 1 of 2 classes. The run ended after N.First.Rows.1, with exit code 139: the runtime crashed", "N.Second.Last")]
    [DataRow(0, 0, "4 of 4 tests never ran, in 2 of 2 classes. The run ended before the first of them", "N.First.One")]
    public void A_run_that_stops_in_the_middle_fails_whatever_its_exit_code(int exitCode, int ran, string words, string missing)
    {
        using var bench = new Bench();
        // The first run lacks a row, and the other class has run.
        string[] lines = exitCode == 0 && ran > 0 ? [Bench.AllPass[4], .. Bench.AllPass[..ran]] : Bench.AllPass[..ran];
        bench.Clr = bench.Says([.. lines, "the last words"], exitCode);
        (int code, string output, _) = bench.Run("test");

        Assert.AreEqual(1, code, output);
        Assert.Contains(words, output);
        Assert.Contains("    " + missing + "\n", output);
        Assert.Contains("  | the last words\n", output);
    }

    [TestMethod]
    public void A_run_that_hangs_is_stopped_and_says_so()
    {
        using var bench = new Bench();
        bench.Clr = bench.Says(Bench.AllPass[..1], 0, before: "exec sleep 100");
        (int code, string output, _) = bench.Run("test", "--timeout", "1");

        Assert.AreEqual(1, code);
        Assert.Contains("4 of 4 tests never ran, in 2 of 2 classes. The run ended after N.First.Boot.0: it was stopped at the end of its time", output);
    }

    [TestMethod]
    public void A_crash_after_the_last_test_is_a_failure()
    {
        using var bench = new Bench();
        bench.Clr = bench.Says(Bench.AllPass, 134);
        (int code, string output, _) = bench.Run("test");
        Assert.AreEqual(1, code);
        Assert.Contains("All tests ran, and then the run ended, with exit code 134: the runtime crashed", output);
    }

    [TestMethod]
    public void A_setup_that_is_skipped_skips_its_class()
    {
        using var bench = new Bench();
        bench.Clr = bench.Says(["Test skipped,N.First.Boot.0,no display", Bench.AllPass[4]], 0);
        (int code, string output, _) = bench.Run("test");
        Assert.AreEqual(0, code, output);
        Assert.Contains("Passed:     1, Skipped:     3, Never ran:     0", output);
    }

    [TestMethod]
    public void A_setup_that_fails_is_a_failure_though_it_is_no_test()
    {
        using var bench = new Bench();
        bench.Clr = bench.Says(["Test failed,N.First.Boot.0,no memory", .. Bench.AllPass[1..]], 0);
        (int code, string output, _) = bench.Run("test");
        Assert.AreEqual(1, code, output);
        Assert.Contains("  Failed N.First.Boot.0\n", output);
    }

    [TestMethod]
    public void What_the_metadata_processor_refuses_ends_with_its_words()
    {
        using var bench = new Bench();
        bench.Processor = bench.Script("processor", "echo 'String table is too large'; exit 1");
        (int code, _, string error) = bench.Run("test");
        Assert.AreEqual(2, code);
        Assert.Contains("NFUnitTest.dll: the metadata processor does not convert it (exit code 1):\nString table is too large\n", error);
    }

    [TestMethod]
    public void A_program_s_console_is_shown_and_its_end_is_the_exit_code()
    {
        using var bench = new Bench();
        bench.Clr = bench.Says(["hello", "", "  there"], 0);
        (int code, string output, _) = bench.Run("run", "Program");
        Assert.AreEqual(0, code);
        Assert.AreEqual("hello\n\n  there\n", output);
        bench.Clr = bench.Says(["hello"], 139);
        (code, output, _) = bench.Run("run", "Some.Program");
        Assert.AreEqual(1, code);
        Assert.AreEqual("hello\ndevicerun: the CLR ended with exit code 139\n", output);
    }

    [TestMethod]
    [DataRow("--clr", "there is no such file. It is nanoFramework's CLR for computers", "nuget.org/packages/nanoclr")]
    [DataRow("--mdp", "there is no such file. It is nanoFramework's metadata processor", "github.com/nanoframework/metadata-processor")]
    [DataRow("--lib", "there is no such folder", "")]
    [DataRow("--root", "there is no such folder", "")]
    public void What_is_not_where_the_user_says_is_named(string option, string words, string where)
    {
        using var bench = new Bench();
        string[] good = ["--clr", bench.Clr, "--mdp", bench.Processor, "--lib", bench.Library, "--root", bench.Root];
        good[Array.IndexOf(good, option) + 1] = "/no/such";
        (int code, _, string error) = Bench.RunRaw(["test", .. good]);
        Assert.AreEqual(2, code);
        Assert.Contains("devicerun: /no/such: " + words, error);
        Assert.Contains(where, error);
    }

    [TestMethod]
    public void What_nobody_has_built_or_restored_is_named()
    {
        using var bench = new Bench();
        (int code, _, string error) = bench.Run("test", "Other.Tests");
        Assert.AreEqual(2, code);
        Assert.Contains("no test project 'Other.Tests' is built: expected First.Tests", error);
        Assert.Contains("no program 'x' is built (Debug): build it first: dotnet build nf.sln. There are: Program", bench.Run("run", "x").Error);
        Assert.Contains("(Release): build it first", bench.Run("test", "-c", "Release").Error);
        Assert.Contains("--timeout 0: expected 1 to 86400 seconds", bench.Run("test", "--timeout", "0").Error);
        File.Delete(Path.Combine(bench.Library, "nanoFramework.UnitTestLauncher.dll"));
        (code, _, error) = bench.Run("test");
        Assert.AreEqual(2, code);
        Assert.Contains("nanoFramework.UnitTestLauncher, which a test run refers to, is nowhere. It is in the NuGet package nanoFramework.TestFramework", error);
    }

    [TestMethod]
    public void Help_is_no_error_and_no_command_is()
    {
        (int code, string output, _) = Bench.RunRaw("--help");
        Assert.AreEqual(0, code);
        Assert.Contains("test", output);
        Assert.AreEqual(2, Bench.RunRaw().Code);
        Assert.AreEqual(2, Bench.RunRaw("tests").Code);
    }
}
