namespace Carveout.Emulator.Tests.Properties;

/// <summary>An area of <see cref="VmallocModel"/>.</summary>
/// <param name="First">First virtual page.</param>
/// <param name="Pages">Without the guard.</param>
/// <param name="Owner">The owner's number.</param>
/// <param name="Bytes">What is in it: as many as were asked for.</param>
internal sealed record VmallocModelArea(int First, int Pages, PageOwner Owner, byte[] Bytes);
