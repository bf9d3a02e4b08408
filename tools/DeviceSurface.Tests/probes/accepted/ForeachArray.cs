namespace Probe
{
    public static class ForeachArray
    {
        public static int Sum(int[] values)
        {
            int sum = 0;
            foreach (int value in values)
            {
                sum += value;
            }

            foreach (char letter in "ab")
            {
                sum += letter;
            }

            return sum;
        }
    }
}
