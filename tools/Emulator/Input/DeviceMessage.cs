namespace Carveout.Emulator.Input;

/// <summary>The text of device code's exceptions, as on the device.</summary>
internal static class DeviceMessage
{
    /// <summary>The message without the parameter's name, which .NET appends and nanoFramework does not. It means nothing to the
    /// user.</summary>
    public static string Of(Exception e) =>
        e is ArgumentException { ParamName: string name } ? e.Message.Replace($" (Parameter '{name}')", "") : e.Message;
}
