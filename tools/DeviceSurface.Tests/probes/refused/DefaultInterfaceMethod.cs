namespace Probe
{
    public interface IDefaultMethod
    {
        int Default()
        {
            return 1; // error NFS007
        }
    }
}
