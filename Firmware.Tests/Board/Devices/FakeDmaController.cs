using Carveout.Board;
using Carveout.Board.Devices;

namespace Carveout.Firmware.Tests.Devices
{
    /// <summary>A controller that only notes what reaches it: what does must have been checked.</summary>
    internal sealed class FakeDmaController : DmaController
    {
        internal int Started, Ended, Total, Request;
        internal bool ToDevice, IsTaken;

        internal FakeDmaController(int channels, int maxDescriptorLength, int alignment)
            : base("dma1", DmaEngines.General, channels, maxDescriptorLength, alignment)
        {
        }

        public override void Poll()
        {
            IsTaken = false;
        }

        protected override void BeginCopy(int channel, uint[] sources, int[] sourceLengths, int sourceCount, uint[] destinations,
            int[] destinationLengths, int destinationCount, int total, DmaCompletion completion)
        {
            Started++;
            Total = total;
            IsTaken = true;
        }

        protected override void BeginDevice(int channel, int request, bool toDevice, uint[] addresses, int[] lengths, int count, int total,
            DmaCompletion completion)
        {
            Started++;
            Total = total;
            Request = request;
            ToDevice = toDevice;
            IsTaken = true;
        }

        protected override bool HasRequest(int request)
        {
            return request == 5;
        }

        protected override void End(int channel)
        {
            Ended++;
        }

        protected override bool Busy(int channel)
        {
            return IsTaken;
        }
    }

    /// <summary>Counts its calls.</summary>
    internal sealed class FakeCompletion : DmaCompletion
    {
        internal int Calls;

        public override void OnTransferEnd(DmaController controller, int channel, DmaResult result, int moved)
        {
            Calls++;
        }
    }
}
