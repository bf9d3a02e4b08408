using Internal.Runtime;

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

        /// <summary>A cast to a class.</summary>
        internal static unsafe object CheckCastClass(MethodTable* type, object value)
        {
            if (value == null)
            {
                return null;
            }
            for (MethodTable* of = **(MethodTable***)&value; of != null; of = of->Base)
            {
                if (of == type)
                {
                    return value;
                }
            }
            throw new InvalidCastException();
        }

        /// <summary>The same, where the compiler has found already that it is neither null nor exactly that class.</summary>
        internal static unsafe object CheckCastClassSpecial(MethodTable* type, object value)
        {
            return CheckCastClass(type, value);
        }
    }
}
