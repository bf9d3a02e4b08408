using System;
using nanoFramework.TestFramework;

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

        /// <summary>Asserts that an action throws this very type of exception, with all of the words in its message.</summary>
        internal static void As(Type exception, Action action, string[] words)
        {
            Exception e = By(action);
            Assert.IsNotNull(e);
            Assert.IsTrue(e.GetType() == exception, e.GetType().Name + ": " + e.Message);
            for (int i = 0; i < words.Length; i++)
            {
                Assert.Contains(words[i], e.Message);
            }
        }
    }
}
