// error NFS001: a type without code has no line of its own in the pdb
namespace Probe
{
    public interface IGenericInterface<T>
    {
    }
}
