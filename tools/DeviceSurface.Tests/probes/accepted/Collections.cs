using System.Collections;

namespace Probe
{
    public static class Collections
    {
        public static int Count(object item)
        {
            var list = new ArrayList { item };
            var table = new Hashtable();
            table["list"] = list;
            foreach (DictionaryEntry entry in table)
            {
                list.Add(entry.Key);
            }

            return list.Count;
        }
    }
}
