using System;

namespace Probe
{
    public interface ISource
    {
        int Next();
    }

    public abstract class Source : ISource, IDisposable
    {
        public abstract int Next();

        public virtual void Dispose()
        {
        }
    }

    public sealed class Counter : Source
    {
        private int _value;

        public override int Next()
        {
            return _value++;
        }
    }

    public static class Interfaces
    {
        public static int Use()
        {
            using (var counter = new Counter())
            {
                ISource source = counter;
                return source.Next();
            }
        }
    }
}
