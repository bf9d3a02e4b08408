using System;

namespace Probe
{
    public static class ExceptionFilter
    {
        public static int Run(Action action, int limit)
        {
            try
            {
                action();
                return 0;
            }
            catch (ArgumentException e) when (e.Message.Length > limit)
            {
                return 1;
            }
            finally
            {
                limit = 0;
            }
        }
    }
}
