// Classes side by side, as many as there are processors: most of their time is spent in builds that use one each.
[assembly: Parallelize(Scope = ExecutionScope.ClassLevel)]
