using System;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests
{
    /// <summary>The exception of an action. nanoFramework's Assert checks only its type, but messages are part of the interface.</summary>
    internal static class Thrown
    {
        /// <summary>The exception, or null if there was none.</summary>
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

        /// <summary>Asserts that an action throws exactly this type of exception, with all of these words in its message.</summary>
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
