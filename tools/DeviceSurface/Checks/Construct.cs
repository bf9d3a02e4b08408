namespace Carveout.DeviceSurface;

/// <summary>Something that the device does not have, found in a signature or behind a token.</summary>
/// <param name="Code">One of <see cref="FindingCode"/>.</param>
/// <param name="Text">Its name, to be read after "a parameter is", "uses" and the like.</param>
internal sealed record Construct(string Code, string Text);
