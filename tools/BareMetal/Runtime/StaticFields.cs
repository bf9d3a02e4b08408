namespace Internal.Runtime
{
    /// <summary>Creates the objects that hold static fields with references, and runs the static constructors.</summary>
    internal static unsafe class StaticFields
    {
        /// <summary>The two low bits of a slot: there is no object yet; the compiler has made an image of it.</summary>
        private const uint Missing = 1, HasImage = 2;

        /// <summary>Before this, only static fields with numbers may be used.</summary>
        internal static void Initialize(ModuleHeader* module)
        {
            ModuleRow* rows = (ModuleRow*)(module + 1);
            for (int i = 0; i < module->Rows; i++)
            {
                if (rows[i].Id == ModuleRow.StaticObjects)
                {
                    for (byte* entry = rows[i].Start; entry < rows[i].End; entry += 4)
                    {
                        MakeObject(Target(entry));
                    }
                }
            }
            for (int i = 0; i < module->Rows; i++)
            {
                if (rows[i].Id == ModuleRow.StaticConstructors)
                {
                    for (byte* entry = rows[i].Start; entry < rows[i].End; entry += 4)
                    {
                        ((delegate*<void>)Target(entry))();
                    }
                }
            }
        }

        /// <summary>Replaces a slot's description of an object by the object.</summary>
        private static void MakeObject(byte* slot)
        {
            uint description = (uint)Target(slot);
            if ((description & Missing) == 0)
            {
                return;
            }
            MethodTable* type = (MethodTable*)(description & ~(Missing | HasImage));
            byte* made = (byte*)ManagedHeap.NewObject(type);
            if ((description & HasImage) != 0)
            {
                byte* image = Target(slot + 4);
                for (uint i = 0; i < type->Size - 4; i++)
                {
                    made[4 + i] = image[i];
                }
            }
            *(byte**)slot = made;
        }

        /// <summary>The compiler's tables hold distances from their own place.</summary>
        private static byte* Target(byte* at)
        {
            return at + *(int*)at;
        }
    }
}
