namespace Carveout.DeviceSurface;

/// <summary>Something in a signature or behind a token that the device does not have.</summary>
/// <param name="Code">One of <see cref="FindingCode"/>.</param>
/// <param name="Text">Its name, to follow "a parameter is", "uses" and the like.</param>
internal sealed record Construct(string Code, string Text);
