// Calls through the method table, as the runtime does, to check that each row is its method, and each argument its parameter. The managed
// side is compared with the same rows in tools/Emulator.Tests/Native.
#include "Carveout_Native.h"

#include "carveout_posix.h"
#include "carveout_region.h"
#include "check.h"

#include <cstring>

namespace
{
enum Row
{
    CleanCache,
    Copy,
    Fill,
    GetCacheLine,
    GetSize,
    GetStart,
    InvalidateCache,
    Read,
    Write
};

const uint32_t Start = 0xC0400000, Size = 0x2000;

uint8_t bytes[64];
CLR_RT_HeapBlock_Array array = {sizeof bytes, bytes};

// A stack frame in which every argument that is not given is rubbish.
struct Call
{
    CLR_RT_StackFrame stack;
    int count = 0;

    Call()
    {
        memset(&stack, 0xDD, sizeof stack);
        stack.resultType = 0;
    }

    Call &U4(uint32_t value)
    {
        stack.arguments[count++].numeric.u4 = value;
        return *this;
    }

    Call &I4(int32_t value)
    {
        stack.arguments[count++].numeric.s4 = value;
        return *this;
    }

    Call &U1(uint8_t value)
    {
        stack.arguments[count++].numeric.u1 = value;
        return *this;
    }

    Call &Array(CLR_RT_HeapBlock_Array *value)
    {
        stack.arguments[count++].reference = value;
        return *this;
    }

    int64_t Of(Row row, char type)
    {
        CHECK(g_CLR_AssemblyNative_Carveout_Native.m_pNativeMethods[row](stack) == S_OK);
        CHECK(stack.resultType == type);
        return stack.result;
    }
};

uint8_t ByteAt(uint32_t address)
{
    uint8_t byte = 0;

    CHECK(Call().U4(address).Array(&array).I4(5).I4(1).Of(Read, 'i') == CARVEOUT_DONE);
    byte = bytes[5];
    return byte;
}
} // namespace

int main()
{
    CHECK(strcmp(g_CLR_AssemblyNative_Carveout_Native.m_szAssemblyName, "Carveout.Native") == 0);
    CHECK(g_CLR_AssemblyNative_Carveout_Native.m_Version.iMajorVersion == 100);

    // Firmware that reserved nothing: no address, and every call is refused.
    CHECK(Call().I4(0).Of(GetStart, 'u') == 0);
    CHECK(Call().I4(0).Of(GetSize, 'u') == 0);
    CHECK(Call().I4(0).Of(GetCacheLine, 'i') == 0);
    CHECK(Call().U4(Start).I4(1).U1(1).Of(Fill, 'i') == CARVEOUT_OUTSIDE_REGION);
    CHECK(Call().U4(Start).Array(&array).I4(0).I4(1).Of(Write, 'i') == CARVEOUT_OUTSIDE_REGION);

    CHECK(carveout_posix_reserve(0, Start, Size, 32) == 1);
    CHECK(Call().I4(0).Of(GetStart, 'u') == Start);
    CHECK(Call().I4(0).Of(GetSize, 'u') == Size);
    CHECK(Call().I4(0).Of(GetCacheLine, 'i') == 32);

    CHECK(Call().U4(Start + 10).I4(20).U1(0x5A).Of(Fill, 'i') == CARVEOUT_DONE);
    CHECK(ByteAt(Start + 9) == 0 && ByteAt(Start + 10) == 0x5A && ByteAt(Start + 29) == 0x5A && ByteAt(Start + 30) == 0);
    CHECK(Call().U4(Start + 29).U4(Start + 100).I4(2).Of(Copy, 'i') == CARVEOUT_DONE);
    CHECK(ByteAt(Start + 100) == 0x5A && ByteAt(Start + 101) == 0 && ByteAt(Start + 29) == 0x5A);

    for (int i = 0; i < 64; i++)
    {
        bytes[i] = (uint8_t)i;
    }
    CHECK(Call().U4(Start + 200).Array(&array).I4(10).I4(3).Of(Write, 'i') == CARVEOUT_DONE);
    CHECK(ByteAt(Start + 199) == 0 && ByteAt(Start + 200) == 10 && ByteAt(Start + 202) == 12 && ByteAt(Start + 203) == 0);

    CHECK(Call().U4(Start + 1).I4(1).Of(CleanCache, 'i') == CARVEOUT_DONE);
    CHECK(Call().U4(Start + 1).I4(1).Of(InvalidateCache, 'i') == CARVEOUT_DONE);

    // Any arguments of managed code.
    CHECK(Call().U4(Start + Size).I4(1).U1(0).Of(Fill, 'i') == CARVEOUT_OUTSIDE_REGION);
    CHECK(Call().U4(Start).I4(-1).U1(0).Of(Fill, 'i') == CARVEOUT_OUTSIDE_REGION);
    CHECK(Call().U4(Start - 1).U4(Start).I4(1).Of(Copy, 'i') == CARVEOUT_OUTSIDE_REGION);
    CHECK(Call().U4(Start).U4(Start + Size - 1).I4(2).Of(Copy, 'i') == CARVEOUT_OUTSIDE_DESTINATION);
    CHECK(Call().U4(Start).Array(nullptr).I4(0).I4(1).Of(Read, 'i') == CARVEOUT_NO_BUFFER);
    CHECK(Call().U4(Start).Array(nullptr).I4(0).I4(0).Of(Write, 'i') == CARVEOUT_NO_BUFFER);
    CHECK(Call().U4(Start).Array(&array).I4(60).I4(5).Of(Read, 'i') == CARVEOUT_OUTSIDE_BUFFER);
    CHECK(Call().U4(Start).Array(&array).I4(-1).I4(1).Of(Write, 'i') == CARVEOUT_OUTSIDE_BUFFER);
    CHECK(Call().U4(Start).Array(&array).I4(0x7FFFFFFF).I4(1).Of(Write, 'i') == CARVEOUT_OUTSIDE_BUFFER);
    CHECK(Call().U4(Start + Size - 1).I4(2).Of(CleanCache, 'i') == CARVEOUT_OUTSIDE_REGION);
    CHECK(Call().U4(Start + Size).I4(1).Of(InvalidateCache, 'i') == CARVEOUT_OUTSIDE_REGION);

    // A second region is found by the address, and a copy stays within one.
    const uint32_t Other = 0x30000000;
    CHECK(carveout_posix_reserve(1, Other, Size, 0) == 1);
    CHECK(Call().I4(1).Of(GetStart, 'u') == Other && Call().I4(1).Of(GetSize, 'u') == Size && Call().I4(1).Of(GetCacheLine, 'i') == 0);
    CHECK(Call().I4(2).Of(GetStart, 'u') == 0 && Call().I4(-1).Of(GetStart, 'u') == 0);
    CHECK(Call().U4(Other + Size - 1).I4(1).U1(7).Of(Fill, 'i') == CARVEOUT_DONE && ByteAt(Other + Size - 1) == 7);
    CHECK(Call().U4(Other).U4(Start).I4(1).Of(Copy, 'i') == CARVEOUT_OUTSIDE_DESTINATION);
    return CHECK_RESULT();
}
