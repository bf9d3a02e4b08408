namespace Carveout.Emulator.Input;

/// <summary>The text of an exception that device code threw, as the device would say it.</summary>
internal static class DeviceMessage
{
    /// <summary>The message without the parameter's name that .NET appends and nanoFramework does not: the user knows none by it.</summary>
    public static string Of(Exception e) =>
        e is ArgumentException { ParamName: string name } ? e.Message.Replace($" (Parameter '{name}')", "") : e.Message;
}
