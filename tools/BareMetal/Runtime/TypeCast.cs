namespace System.Runtime
{
    /// <summary>What the compiler calls where a type is only known at run time.</summary>
    internal static class TypeCast
    {
        /// <summary>A store into an array of a class that is not sealed. The core subset never converts an array, so that the element's class
        /// is right by the language's own rules. By pointer: written as an element this would call itself.</summary>
        internal static unsafe void StelemRef(object[] array, nint index, object element)
        {
            if ((nuint)index >= (uint)array.Length)
            {
                throw new IndexOutOfRangeException();
            }
            object* first = *(object**)&array + 2;
            first[index] = element;
        }
    }
}
