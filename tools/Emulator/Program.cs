using Carveout.Emulator;

return await CommandLine.RunAsync(args);
