using System.Runtime;
using System.Runtime.CompilerServices;

namespace Carveout.BareMetal
{
    /// <summary>Sends text and exit codes to the debugger or emulator (QEMU) that runs the machine.</summary>
    /// <remarks>Arm, "Semihosting for AArch32 and AArch64" (2022): operation in r0, a word or the address of a block of words in r1.</remarks>
    internal static unsafe class Semihosting
    {
        private const int WriteCharacter = 0x03, GetCommandLine = 0x15, ExitExtended = 0x20;

        private const int LongestCommandLine = 512;

        /// <summary>ADP_Stopped_ApplicationExit: with this reason the second word is an exit code.</summary>
        private const int ApplicationExit = 0x20026;

        /// <summary>Writes ASCII text.</summary>
        internal static void Write(string text)
        {
            for (int i = 0; i < text.Length; i++)
            {
                Write(text[i]);
            }
        }

        /// <summary>Writes a number in decimal digits, without a string, since the heap may be closed.</summary>
        internal static void Write(uint value)
        {
            if (value >= 10)
            {
                Write(value / 10);
            }
            Write((char)('0' + (int)(value % 10)));
        }

        /// <summary>Writes eight hexadecimal digits.</summary>
        internal static void WriteHex(uint value)
        {
            for (int shift = 28; shift >= 0; shift -= 4)
            {
                int digit = (int)(value >> shift) & 15;
                Write((char)(digit < 10 ? '0' + digit : 'a' + digit - 10));
            }
        }

        /// <summary>Whether <paramref name="word"/> is the last word of the machine's command line.</summary>
        internal static bool CommandLineEndsWith(string word)
        {
            byte* text = stackalloc byte[LongestCommandLine];
            BlockOfTwo block;
            block.First = (int)text;
            block.Second = LongestCommandLine;
            // On success the second word is the length.
            if (Call(GetCommandLine, &block) != 0 || block.Second <= word.Length)
            {
                return false;
            }
            byte* end = text + block.Second - word.Length;
            for (int i = 0; i < word.Length; i++)
            {
                if (end[i] != word[i])
                {
                    return false;
                }
            }
            return end[-1] == ' ';
        }

        /// <summary>Ends the machine. Does not return.</summary>
        internal static void Exit(int code)
        {
            BlockOfTwo block;
            block.First = ApplicationExit;
            block.Second = code;
            Call(ExitExtended, &block);
            while (true)
            {
            }
        }

        private static void Write(char character)
        {
            int word = character;
            Call(WriteCharacter, &word);
        }

        [RuntimeImport("*", "semihosting")]
        [MethodImpl(MethodImplOptions.InternalCall)]
        private static extern int Call(int operation, void* argument);

        private struct BlockOfTwo
        {
            internal int First, Second;
        }
    }
}
