using System.Runtime;
using System.Runtime.CompilerServices;

namespace Carveout.BareMetal
{
    /// <summary>Cortex-M's interrupts: the mask, the timer and the controller.</summary>
    internal static class Interrupts
    {
        private const uint TimerControl = 0xE000E010, TimerReload = 0xE000E014, TimerCurrent = 0xE000E018;
        private const uint ControllerEnable = 0xE000E100, ControlState = 0xE000ED04;

        /// <summary>Bits of the control state: the number of the exception that would be taken next, 0 for none.</summary>
        private const uint NextPending = 0x1FF << 12;

        /// <summary>Whether an enabled interrupt is pending.</summary>
        internal static bool ArePending { get { return (Register.Read(ControlState) & NextPending) != 0; } }

        /// <summary>Masks all interrupts.</summary>
        /// <returns>1 if they were masked already, 0 if not.</returns>
        [RuntimeImport("*", "mask_interrupts")]
        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern uint Mask();

        /// <summary>Restores the state that <see cref="Mask"/> returned.</summary>
        [RuntimeImport("*", "restore_interrupts")]
        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern void Restore(uint masked);

        [RuntimeImport("*", "wait_for_interrupt")]
        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern void Wait();

        /// <summary>Enables a device's interrupt.</summary>
        internal static void Enable(int number)
        {
            Register.Write(ControllerEnable + (uint)(number >> 5) * 4, 1u << (number & 31));
        }

        /// <summary>Calls the handler <c>timer_interrupt</c> after so many ticks of the processor's clock, again and again.</summary>
        /// <param name="ticks">Below 2^24; 0 stops it.</param>
        internal static void StartTimer(uint ticks)
        {
            const uint Enable = 1, Interrupt = 2, ProcessorClock = 4;
            Register.Write(TimerReload, ticks);
            Register.Write(TimerCurrent, 0);
            Register.Write(TimerControl, ticks == 0 ? 0 : ProcessorClock | Interrupt | Enable);
        }
    }
}
