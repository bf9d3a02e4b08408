using System;
using Carveout.Video.Displays;

namespace Carveout.Firmware.Tests.Video.Displays
{
    /// <summary>A bus with nothing at its end: it writes down what passes.</summary>
    /// <remarks>nanoFramework's drivers keep offsets and lengths in 16 bits with a sign, so the bus also keeps the longest transfer and the
    /// largest offset that came by.</remarks>
    internal sealed class RecordingBus : DisplayBus
    {
        private const string HexDigits = "0123456789ABCDEF";
        private const int ShownBytes = 16;

        private readonly byte[] _pixels;

        /// <param name="room">Bytes of pixels that it keeps.</param>
        internal RecordingBus(int room)
        {
            _pixels = new byte[room];
        }

        /// <summary>What passed: "2A" a command, "=0011" its data, "=[16384]" many data, "~5" a pause in ms, "!" a reset; by blanks.</summary>
        internal string Log { get; private set; } = "";

        /// <summary>The data of more than 16 bytes, and all data after <see cref="KeepAll"/>, one after the other.</summary>
        internal byte[] Pixels { get { return _pixels; } }

        internal int PixelBytes { get; private set; }

        internal bool KeepAll { get; set; }

        internal int Transfers { get; private set; }

        internal int LongestTransfer { get; private set; }

        internal int LargestOffset { get; private set; }

        /// <summary>What the wires take; nanoFramework's at first.</summary>
        internal int Reach { get; set; } = 32767;

        public override int MaxOffset { get { return Reach; } }

        /// <summary>Makes the transfer that comes after so many others fail; -1 for none.</summary>
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
