using System;

namespace System.Device.Gpio
{
    public struct GpioPulseCount
    {
        public long Count;
        public TimeSpan RelativeTime;
    }

    public sealed class GpioPulseCounter : IDisposable
    {
        public bool IsStarted => throw null;
        public GpioPulsePolarity Polarity { get => throw null; set => throw null; }
        public ushort FilterPulses { get => throw null; set => throw null; }
        public GpioPulseCounter(int pinNumberA, int pinNumberB = -1) => throw null;
        public GpioPulseCount Read() => throw null;
        public GpioPulseCount Reset() => throw null;
        public void Start() => throw null;
        public void Stop() => throw null;
        ~GpioPulseCounter() => throw null;
        public void Dispose() => throw null;
    }

    public enum GpioPulsePolarity
    {
        Both, Falling, Rising,
    }
}

namespace nanoFramework.Hardware.Esp32
{
    public class Configuration
    {
        public static void SetPinFunction(int pin, DeviceFunction value) => throw null;
        public static int GetFunctionPin(DeviceFunction function) => throw null;
    }

    public enum DeviceFunction
    {
        SPI1_MOSI = 0x10100, SPI1_MISO, SPI1_CLOCK, SPI2_MOSI = 0x10200, SPI2_MISO, SPI2_CLOCK, I2C1_DATA = 0x20100,
        I2C1_CLOCK, I2C2_DATA = 0x20200, I2C2_CLOCK, COM1_TX = 0x30100, COM1_RX, COM1_RTS, COM1_CTS, COM2_TX = 0x30200,
        COM2_RX, COM2_RTS, COM2_CTS, COM3_TX = 0x30300, COM3_RX, COM3_RTS, COM3_CTS, COM4_TX = 0x30400, COM4_RX,
        COM4_RTS, COM4_CTS, PWM1 = 0x40100, PWM2 = 0x40200, PWM3 = 0x40300, PWM4 = 0x40400, PWM5 = 0x40500,
        PWM6 = 0x40600, PWM7 = 0x40700, PWM8 = 0x40800, PWM9 = 0x40900, PWM10 = 0x40A00, PWM11 = 0x40B00,
        PWM12 = 0x40C00, PWM13 = 0x40D00, PWM14 = 0x40E00, PWM15 = 0x40F00, PWM16 = 0x41000, ADC1_CH0 = 0x50100,
        ADC1_CH1, ADC1_CH2, ADC1_CH3, ADC1_CH4, ADC1_CH5, ADC1_CH6, ADC1_CH7, ADC1_CH8, ADC1_CH9, ADC1_CH10, ADC1_CH11,
        ADC1_CH12, ADC1_CH13, ADC1_CH14, ADC1_CH15, ADC1_CH16, ADC1_CH17, ADC1_CH18, ADC1_CH19, I2S1_MCK = 0x60100,
        I2S1_BCK, I2S1_WS, I2S1_DATA_OUT, I2S1_MDATA_IN, I2S2_MCK = 0x60200, I2S2_BCK, I2S2_WS, I2S2_DATA_OUT,
        I2S2_MDATA_IN, SDMMC1_CLOCK = 0x80100, SDMMC1_COMMAND, SDMMC1_D0, SDMMC1_D1, SDMMC1_D2, SDMMC1_D3,
        SDMMC2_CLOCK = 0x80200, SDMMC2_COMMAND, SDMMC2_D0, SDMMC2_D1, SDMMC2_D2, SDMMC2_D3,
    }

    public enum DeviceTypes
    {
        GPIO, SPI = 0x10000, I2C = 0x20000, SERIAL = 0x30000, PWM = 0x40000, ADC = 0x50000, I2S = 0x60000,
        SDMMC = 0x80000,
    }

    public enum EspNativeError
    {
        OK, FAIL = -1, NO_MEM = 0x101, INVALID_ARG, INVALID_STATE, INVALID_SIZE, NOT_FOUND, NOT_SUPPORTED, TIMEOUT,
        INVALID_RESPONSE, INVALID_CRC, INVALID_VERSION, INVALID_MAC, WIFI_BASE = 0x3000,
    }

    public static class Gpio
    {
        public const int IO00 = 0;
        public const int IO01 = 1;
        public const int IO02 = 2;
        public const int IO03 = 3;
        public const int IO04 = 4;
        public const int IO05 = 5;
        public const int IO06 = 6;
        public const int IO07 = 7;
        public const int IO08 = 8;
        public const int IO09 = 9;
        public const int IO10 = 10;
        public const int IO11 = 11;
        public const int IO12 = 12;
        public const int IO13 = 13;
        public const int IO14 = 14;
        public const int IO15 = 15;
        public const int IO16 = 16;
        public const int IO17 = 17;
        public const int IO18 = 18;
        public const int IO19 = 19;
        public const int IO20 = 20;
        public const int IO21 = 21;
        public const int IO22 = 22;
        public const int IO23 = 23;
        public const int IO24 = 24;
        public const int IO25 = 25;
        public const int IO26 = 26;
        public const int IO27 = 27;
        public const int IO28 = 28;
        public const int IO29 = 29;
        public const int IO30 = 30;
        public const int IO31 = 31;
        public const int IO32 = 32;
        public const int IO33 = 33;
        public const int IO34 = 34;
        public const int IO35 = 35;
        public const int IO36 = 36;
        public const int IO37 = 37;
        public const int IO38 = 38;
        public const int IO39 = 39;
    }

    public class HighResTimer : IDisposable
    {
        public event HighResTimerExpiredEventHandler OnHighResTimerExpired;
        public static ulong GetCurrent() => throw null;
        public void Stop() => throw null;
        public void StartOneShot(ulong timeout_us) => throw null;
        public void StartOnePeriodic(ulong period_us) => throw null;
        protected virtual void Dispose(bool disposing) => throw null;
        ~HighResTimer() => throw null;
        public void Dispose() => throw null;
    }

    public delegate void HighResTimerExpiredEventHandler(HighResTimer sender, object e);

    public class NativeMemory
    {
        public static void GetMemoryInfo(
            MemoryType memType, out uint totalSize, out uint totalFreeSize, out uint largestFreeBlock) => throw null;
        public enum MemoryType
        {
            All, Internal, SpiRam,
        }
    }

    public class Sleep
    {
        public static EspNativeError EnableWakeupByTimer(TimeSpan time) => throw null;
        public static EspNativeError EnableWakeupByPin(WakeupGpioPin pin, int level) => throw null;
        public static EspNativeError EnableWakeupByMultiPins(WakeupGpioPin pins, WakeupMode mode) => throw null;
        public static EspNativeError EnableWakeupByTouchPad(
            int padNumber1, int padNumber2 = -1, byte thresholdCoefficient = 80) => throw null;
        public static EspNativeError EnableWakeupByUart(WakeUpPort portNumber, int edgeCount) => throw null;
        public static EspNativeError StartLightSleep() => throw null;
        public static void StartDeepSleep() => throw null;
        public static WakeupCause GetWakeupCause() => throw null;
        public static WakeupGpioPin GetWakeupGpioPin() => throw null;
        public static int GetWakeupTouchpad() => throw null;
        public enum WakeUpPort
        {
            COM1, COM2,
        }
        public enum WakeupCause
        {
            Undefined, Ext0 = 2, Ext1, Timer, TouchPad, Ulp, Gpio, Uart, Wifi, CoCpu, CoCpuTrapTrig, Bt,
        }
        public enum WakeupGpioPin : ulong
        {
            None, Pin0, Pin1, Pin2 = 4, Pin3 = 8, Pin4 = 16, Pin5 = 32, Pin6 = 64, Pin7 = 128, Pin8 = 0x100, Pin9 = 0x200,
            Pin10 = 0x400, Pin11 = 0x800, Pin12 = 0x1000, Pin13 = 0x2000, Pin14 = 0x4000, Pin15 = 0x8000, Pin16 = 0x10000,
            Pin17 = 0x20000, Pin18 = 0x40000, Pin19 = 0x80000, Pin20 = 0x100000, Pin21 = 0x200000, Pin25 = 0x2000000,
            Pin26 = 0x4000000, Pin27 = 0x8000000, Pin32 = 0x100000000, Pin33 = 0x200000000, Pin34 = 0x400000000,
            Pin35 = 0x800000000, Pin36 = 0x1000000000, Pin37 = 0x2000000000, Pin38 = 0x4000000000, Pin39 = 0x8000000000,
        }
        public enum WakeupMode
        {
            AllLow, AnyHigh,
        }
    }
}

namespace nanoFramework.Hardware.Esp32.Logging
{
    public enum LogLevel
    {
        LOG_LEVEL_NONE, LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG, LOG_LEVEL_VERBOSE,
    }
}

namespace nanoFramework.Hardware.Esp32.Touch
{
    public enum DenoiseCapacitance
    {
        Cap5pf, Cap6pf4, Cap7pf8, Cap9pf2, Cap10pf6, Cap12pf0, Cap13pf4, Cap14pf8,
    }

    public enum DenoiseRange
    {
        Bit12, Bit10, Bit8, Bit4,
    }

    public class DenoiseSetting
    {
        public DenoiseCapacitance DenoiseCapacitance { get => throw null; set => throw null; }
        public DenoiseRange DenoiseRange { get => throw null; set => throw null; }
    }

    public class Esp32FilterSetting : IFilterSetting
    {
        public uint Period { get => throw null; set => throw null; }
    }

    public enum FilterSettingDebounce
    {
        NoDebounce, One, Two, Three, Four, Five, Six, Seven,
    }

    public enum FilterSettingMode
    {
        Iir4, Iir8, Iir16, Iir32, Iir64, Iir128, Iir256, IirJitter,
    }

    public enum FilterSettingNoiseThreshold
    {
        Low, Mediumlow, MediumHigh, High,
    }

    public enum FilterSettingSmoothMode
    {
        Off, Iir2, Iir4, Iir8,
    }

    public interface IFilterSetting
    {
    }

    public enum MeasurementMode
    {
        Timer, Software,
    }

    public class MeasurementTime
    {
        public ushort SleepCycles { get => throw null; set => throw null; }
        public TimeSpan MeasurementCycles { get => throw null; set => throw null; }
    }

    public class S2S3FilterSetting : IFilterSetting
    {
        public FilterSettingMode PeriodeSettingMode { get => throw null; set => throw null; }
        public FilterSettingDebounce FilterSettingDebounce { get => throw null; set => throw null; }
        public FilterSettingNoiseThreshold FilterSettingNoiseThreshold { get => throw null; set => throw null; }
        public byte JitterSize { get => throw null; set => throw null; }
        public FilterSettingSmoothMode FilterSettingSmoothMode { get => throw null; set => throw null; }
    }

    public struct TouchChargeSpeed
    {
        private readonly int _state;
        public ChargeSpeed Speed { get => throw null; set => throw null; }
        public InitialCharge Charge { get => throw null; set => throw null; }
        public enum ChargeSpeed
        {
            Zero, Slowest, Speed2, Speed3, Speed4, Speed5, Speed6, Fastest,
        }
        public enum InitialCharge
        {
            Low, High,
        }
    }

    public enum TouchHighVoltage
    {
        Volt2V4, Volt2V5, Volt2V6, Volt2V7,
    }

    public enum TouchHighVoltageAttenuation
    {
        Volt1V5, Volt1V0, Volt0V5, Volt0V0,
    }

    public enum TouchLowVoltage
    {
        Volt0V5, Volt0V6, Volt0V7, Volt0V8,
    }

    public class TouchPad : IDisposable
    {
        public static TouchTriggerMode TouchTriggerMode { get => throw null; set => throw null; }
        public static WakeUpSource WakeUpSource { get => throw null; set => throw null; }
        public static MeasurementMode MeasurementMode { get => throw null; set => throw null; }
        public static TouchHighVoltage TouchHighVoltage => throw null;
        public static TouchLowVoltage TouchLowVoltage => throw null;
        public static TouchHighVoltageAttenuation TouchHighVoltageAttenuation => throw null;
        public static bool IsFilterOn => throw null;
        public static bool DenoiseEnabled { get => throw null; set => throw null; }
        public int CalibrationData => throw null;
        public uint Threshold { get => throw null; set => throw null; }
        public int TouchPadNumber => throw null;
        public event TouchPadValueChangedEventHandler ValueChanged;
        public static int GetGpioNumberFromTouchNumber(int touchpadNumber) => throw null;
        public static void SetVoltage(
            TouchHighVoltage touchHighVoltage, TouchLowVoltage touchLowVoltage,
            TouchHighVoltageAttenuation touchHighVoltageAttenuation) => throw null;
        public static void StartFilter(IFilterSetting filterSetting) => throw null;
        public static void StopFilter() => throw null;
        public static MeasurementTime GetMeasurementTime() => throw null;
        public static void SetMeasurementTime(MeasurementTime measurementTime) => throw null;
        public static void SetDenoise(DenoiseSetting denoiseSetting) => throw null;
        public static DenoiseSetting GetDenoise() => throw null;
        public TouchPad(int touchPadNumber) => throw null;
        public uint Read() => throw null;
        public int GetCalibrationData(int count = 5) => throw null;
        public void SetChargeSpeed(TouchChargeSpeed touchChargeSpeed) => throw null;
        public TouchChargeSpeed GetChargeSpeed() => throw null;
        public void Dispose() => throw null;
    }

    public class TouchPadEventArgs : nanoFramework.Runtime.Events.BaseEvent
    {
        public int PadNumber => throw null;
        public bool Touched => throw null;
        public TouchPadEventArgs(int padNumber, bool touched) => throw null;
    }

    public delegate void TouchPadValueChangedEventHandler(object sender, TouchPadEventArgs e);

    public enum TouchTriggerMode
    {
        BellowThreshold, AboveThreshold,
    }

    public enum WakeUpSource
    {
        BothSet1AndSet2, OnlySet1,
    }
}
