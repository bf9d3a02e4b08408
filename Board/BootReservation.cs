using System;

namespace Carveout.Board
{
    /// <summary>Makes a reservation in a map at boot: checks it first, then takes its pages out of the planned zones.</summary>
    internal static class BootReservation
    {
        /// <summary>Throws if the reservation would add a fault to the map, or if no zone could make way for it.</summary>
        internal static void Check(MemoryMap map, Reservation reservation)
        {
            uint start = reservation.Start, size = reservation.Size;
            MapFault[] faults = new MapValidator(map).Judge(reservation);
            if (faults.Length != 0)
            {
                throw new ArgumentException("memory map " + map.Name + ": " + faults[0].Text);
            }
            for (int i = 0; i < map.ZoneCount; i++)
            {
                ZonePlan zone = map.ZoneAt(i);
                uint head = HeadOf(zone, map.PageSize, start), tail = TailOf(zone, map.PageSize, start, size);
                if (Overlaps(zone, start, size) && (head != 0) == (tail != 0))
                {
                    throw new ArgumentException("memory map " + map.Name + ": reservation " + reservation.Name + " " + HexText.OfSpan(start, size)
                        + (head == 0 ? " leaves nothing of zone " : " lies in the middle of zone ") + zone.Name + " "
                        + HexText.OfSpan(zone.Start, zone.Size) + ". Expected its beginning or end");
                }
            }
        }

        /// <summary>Plans every zone that overlaps the span anew, without the pages that the span touches.</summary>
        internal static void CutZones(MemoryMap map, uint start, uint size)
        {
            for (int i = 0; i < map.ZoneCount; i++)
            {
                ZonePlan zone = map.ZoneAt(i);
                if (Overlaps(zone, start, size))
                {
                    uint head = HeadOf(zone, map.PageSize, start), tail = TailOf(zone, map.PageSize, start, size);
                    map.Replace(i, new ZonePlan(zone.Name, zone.Kind, head != 0 ? zone.Start : zone.Start + (zone.Size - tail), head + tail,
                        zone.Engines, zone.Map));
                }
            }
        }

        /// <summary>Bytes of a zone's whole pages before the span.</summary>
        private static uint HeadOf(ZonePlan zone, int pageSize, uint start)
        {
            return start <= zone.Start ? 0 : (start - zone.Start) / (uint)pageSize * (uint)pageSize;
        }

        /// <summary>Bytes of a zone's whole pages behind the span.</summary>
        private static uint TailOf(ZonePlan zone, int pageSize, uint start, uint size)
        {
            uint last = start + (size - 1), end = zone.Start + (zone.Size - 1);
            return last >= end ? 0 : (end - last) / (uint)pageSize * (uint)pageSize;
        }

        private static bool Overlaps(ZonePlan zone, uint start, uint size)
        {
            return zone.Size != 0 && (start - zone.Start < zone.Size || zone.Start - start < size);
        }
    }
}
