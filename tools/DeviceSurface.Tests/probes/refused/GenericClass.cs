namespace Probe
{
    public class GenericClass<T>
    {
        private readonly T _value;

        public GenericClass(T value) // error NFS001
        {
            _value = value;
        }

        public T Value
        {
            get { return _value; }
        }
    }
}
