using Carveout.Emulator.Commands;

StandardStreams.Use();
return await CommandLine.RunAsync(args);
