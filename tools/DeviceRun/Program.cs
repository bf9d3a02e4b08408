return Carveout.DeviceRun.DeviceRunCommand.Run(args, Console.Out, Console.Error);
