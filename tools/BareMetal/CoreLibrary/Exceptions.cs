namespace System
{
    /// <summary>Nothing catches an exception: its text is printed, and the machine stops.</summary>
    public class Exception
    {
        public Exception(string message)
        {
            Message = message;
        }

        public string Message { get; }

        /// <summary>The class's name, since there is no reflection.</summary>
        internal virtual string Name { get { return "Exception"; } }
    }

    public class ArgumentException : Exception
    {
        public ArgumentException(string message)
            : base(message)
        {
        }

        public ArgumentException(string message, string paramName)
            : base(message + " (Parameter '" + paramName + "')")
        {
        }

        internal override string Name { get { return "ArgumentException"; } }
    }

    public sealed class ArgumentNullException : ArgumentException
    {
        public ArgumentNullException(string paramName)
            : base("Value cannot be null.", paramName)
        {
        }

        public ArgumentNullException(string paramName, string message)
            : base(message, paramName)
        {
        }

        internal override string Name { get { return "ArgumentNullException"; } }
    }

    public sealed class ArgumentOutOfRangeException : ArgumentException
    {
        public ArgumentOutOfRangeException(string paramName, string message)
            : base(message, paramName)
        {
        }

        internal override string Name { get { return "ArgumentOutOfRangeException"; } }
    }

    public sealed class InvalidOperationException : Exception
    {
        public InvalidOperationException(string message)
            : base(message)
        {
        }

        internal override string Name { get { return "InvalidOperationException"; } }
    }

    public sealed class OutOfMemoryException : Exception
    {
        public OutOfMemoryException(string message)
            : base(message)
        {
        }

        internal override string Name { get { return "OutOfMemoryException"; } }
    }

    public sealed class IndexOutOfRangeException : Exception
    {
        public IndexOutOfRangeException()
            : base("Index was outside the bounds of the array.")
        {
        }

        internal override string Name { get { return "IndexOutOfRangeException"; } }
    }

    public sealed class InvalidCastException : Exception
    {
        public InvalidCastException()
            : base("The object is of another class.")
        {
        }

        internal override string Name { get { return "InvalidCastException"; } }
    }
}
