namespace Carveout.Emulator.Tests.Properties;

/// <summary>An area of <see cref="VmallocModel"/>.</summary>
/// <param name="First">First virtual page.</param>
/// <param name="Pages">Its pages, without the guard page.</param>
/// <param name="Owner">The owner's number.</param>
/// <param name="Bytes">Its content: as many bytes as were asked for.</param>
internal sealed record VmallocModelArea(int First, int Pages, PageOwner Owner, byte[] Bytes);
