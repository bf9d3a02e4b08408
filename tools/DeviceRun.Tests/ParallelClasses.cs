// Classes side by side, as many as there are processors; [DoNotParallelize] is for those that share what is the process's.
[assembly: Parallelize(Scope = ExecutionScope.ClassLevel)]
