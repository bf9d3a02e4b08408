// Classes run side by side, as many as there are processors. [DoNotParallelize] is for those that use state of the whole process.
[assembly: Parallelize(Scope = ExecutionScope.ClassLevel)]
