return Carveout.IlCounter.IlCounterCommand.Run(args, Console.Out, Console.Error);
