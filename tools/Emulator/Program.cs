using Carveout.Emulator.Commands;

return await CommandLine.RunAsync(args);
