using System.Device.Gpio;

namespace Carveout.Panels.Tests.Drivers;

/// <summary>The GPIO pins of a computer with a panel at two of them, for System.Device.Gpio.</summary>
internal sealed class ModulePins(Panel panel) : GpioDriver
{
    /// <summary>The pin that tells data from commands.</summary>
    public const int DataCommand = 3;

    /// <summary>The pin of the reset line.</summary>
    public const int ResetLine = 4;

    private readonly Dictionary<int, PinMode> _modes = [];

    /// <summary>Whether the pin says data.</summary>
    public bool IsData { get; private set; }

    protected override int PinCount => 8;

    protected override void OpenPin(int pinNumber) => _modes[pinNumber] = PinMode.Input;

    protected override void ClosePin(int pinNumber) => _modes.Remove(pinNumber);

    protected override void SetPinMode(int pinNumber, PinMode mode) => _modes[pinNumber] = mode;

    protected override PinMode GetPinMode(int pinNumber) => _modes[pinNumber];

    protected override bool IsPinModeSupported(int pinNumber, PinMode mode) => mode == PinMode.Output;

    protected override PinValue Read(int pinNumber) => throw new NotSupportedException("nothing drives a pin of a display");

    protected override void Write(int pinNumber, PinValue value)
    {
        switch (pinNumber)
        {
            case DataCommand:
                IsData = value == PinValue.High;
                break;
            case ResetLine when value == PinValue.Low:
                panel.Reset();
                break;
            default:
                break;
        }
    }

    protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken) =>
        throw new NotSupportedException("nothing drives a pin of a display");

    protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback) =>
        throw new NotSupportedException("nothing drives a pin of a display");

    protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback)
    {
    }
}
