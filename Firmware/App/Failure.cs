using System;

namespace Carveout.App
{
    /// <summary>The exception that ends an application which cannot go on, and the text of any exception.</summary>
    internal sealed class Failure : Exception
    {
        internal Failure(string message)
            : base(message)
        {
        }

        /// <summary>Type and message of an exception; of one that this application threw, only the message.</summary>
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
