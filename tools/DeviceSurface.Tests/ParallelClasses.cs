// Classes run side by side, as many as there are processors, because they spend most of their time in builds that use one processor each.
[assembly: Parallelize(Scope = ExecutionScope.ClassLevel)]
