using System;

namespace Carveout.App
{
    /// <summary>The end of an application that cannot go on, and what was thrown in words.</summary>
    internal sealed class Failure : Exception
    {
        internal Failure(string message)
            : base(message)
        {
        }

        /// <summary>The type and the message of what was thrown; of our own, the message alone.</summary>
        internal static string Words(Exception thrown)
        {
            if (thrown is Failure)
            {
                return thrown.Message;
            }
            string message = thrown.Message;
            string type = thrown.GetType().FullName;
            return message == null || message.Length == 0 ? type : type + ": " + message;
        }
    }
}
