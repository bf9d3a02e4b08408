namespace Probe
{
    public static class AsyncMethod
    {
        public static async System.Threading.Tasks.Task Wait() // error CS0234
        {
            await null;
        }
    }
}
