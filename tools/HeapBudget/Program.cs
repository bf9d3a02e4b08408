return Carveout.HeapBudget.HeapBudgetCommand.Run(args, Console.Out, Console.Error);
