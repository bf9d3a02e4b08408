using System;

namespace Carveout.Firmware.Tests
{
    /// <summary>What an action throws: nanoFramework's Assert checks the type alone, and our messages are part of the interface.</summary>
    internal static class Thrown
    {
        /// <summary>The exception, or null where there was none.</summary>
        internal static Exception By(Action action)
        {
            try
            {
                action();
                return null;
            }
            catch (Exception e)
            {
                return e;
            }
        }
    }
}
