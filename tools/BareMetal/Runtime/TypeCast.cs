using Internal.Runtime;

namespace System.Runtime
{
    /// <summary>The compiler calls these if a type is only known at run time.</summary>
    internal static class TypeCast
    {
        /// <summary>Stores into an array of a class that is not sealed. The core subset never converts an array, so C#'s own rules already
        /// make sure that the element's class is right. This uses a pointer, because an assignment to the element would call this method
        /// again.</summary>
        internal static unsafe void StelemRef(object[] array, nint index, object element)
        {
            if ((nuint)index >= (uint)array.Length)
            {
                throw new IndexOutOfRangeException();
            }
            object* first = *(object**)&array + 2;
            first[index] = element;
        }

        /// <summary>Casts to a class.</summary>
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

        /// <summary>Casts to a class after the compiler has found that the value is neither null nor exactly of that class.</summary>
        internal static unsafe object CheckCastClassSpecial(MethodTable* type, object value)
        {
            return CheckCastClass(type, value);
        }
    }
}
