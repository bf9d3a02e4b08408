namespace Carveout.App { public static class Program { public static void Main() { } } }
