namespace Probe
{
    public record RecordType(int Value); // error CS0518
}
