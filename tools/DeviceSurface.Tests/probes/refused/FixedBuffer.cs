// error NFS006 with unsafe blocks: a type without code has no line of its own in the pdb
namespace Probe
{
    public unsafe struct FixedBuffer // error CS0227
    {
        public fixed byte Data[8];
    }
}
