using System;
using Carveout.Video.Displays;

namespace Carveout.Firmware.Tests.Video.Displays
{
    /// <summary>A bus without a display: it records what passes.</summary>
    /// <remarks>nanoFramework's drivers keep offsets and lengths in signed 16-bit numbers, so the bus also records the longest transfer and
    /// the largest offset.</remarks>
    internal sealed class RecordingBus : DisplayBus
    {
        private const string HexDigits = "0123456789ABCDEF";
        private const int ShownBytes = 16;

        private readonly byte[] _pixels;

        /// <param name="room">The most bytes of pixels that it records.</param>
        internal RecordingBus(int room)
        {
            _pixels = new byte[room];
        }

        /// <summary>What has passed, separated by blanks: "2A" is a command, "=0011" its data, "=[16384]" long data, "~5" a delay in ms,
        /// "!" a reset.</summary>
        internal string Log { get; private set; } = "";

        /// <summary>Long data (more than 16 bytes), and all data after <see cref="KeepAll"/>, joined.</summary>
        internal byte[] Pixels { get { return _pixels; } }

        internal int PixelBytes { get; private set; }

        internal bool KeepAll { get; set; }

        internal int Transfers { get; private set; }

        internal int LongestTransfer { get; private set; }

        internal int LargestOffset { get; private set; }

        /// <summary>The largest offset that the wires take; nanoFramework's by default.</summary>
        internal int Reach { get; set; } = 32767;

        public override int MaxOffset { get { return Reach; } }

        /// <summary>Makes a transfer fail after so many others; -1 for none.</summary>
        internal int FailAfter { get; set; } = -1;

        internal void Forget()
        {
            Log = "";
            PixelBytes = 0;
            Transfers = 0;
            LongestTransfer = 0;
            LargestOffset = 0;
        }

        public override void Command(byte command)
        {
            Note(Hex(command));
        }

        public override void Reset()
        {
            Note("!");
        }

        public override void Delay(int milliseconds)
        {
            Note("~" + milliseconds.ToString());
        }

        protected override void Transfer(byte[] buffer, int offset, int length)
        {
            if (Transfers == FailAfter)
            {
                throw new InvalidOperationException("the wire is cut");
            }
            Transfers++;
            LongestTransfer = length > LongestTransfer ? length : LongestTransfer;
            LargestOffset = offset > LargestOffset ? offset : LargestOffset;
            if (KeepAll || length > ShownBytes)
            {
                Array.Copy(buffer, offset, _pixels, PixelBytes, length);
                PixelBytes += length;
            }
            if (length > ShownBytes)
            {
                Note("=[" + length.ToString() + "]");
                return;
            }
            string text = "=";
            for (int i = 0; i < length; i++)
            {
                text += Hex(buffer[offset + i]);
            }
            Note(text);
        }

        private void Note(string text)
        {
            Log += Log.Length == 0 ? text : " " + text;
        }

        private static string Hex(byte value)
        {
            return HexDigits.Substring(value >> 4, 1) + HexDigits.Substring(value & 15, 1);
        }
    }
}
