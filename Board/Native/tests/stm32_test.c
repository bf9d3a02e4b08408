/*
 * The STM32 platform: linker symbols and CMSIS calls. The fakes do to a model of the cache what core_cm7.h does to the registers: they advance
 * line by line from the given address, until dsize and the bytes before the address in its line are used up.
 */
#include "carveout_platform.h"
#include "check.h"
#include "hal.h"

enum { LINE = 32, REGION = 64 * 1024 };

#ifdef FAKE_SYMBOLS
/* The linker script's part: two addresses, with memory between them that nobody else gets. */
__asm__(".pushsection .bss\n.balign 4096\n.globl __carveout_start__\n__carveout_start__:\n.zero 65536\n.globl __carveout_end__\n"
        "__carveout_end__:\n.zero 4096\n.globl __carveout2_start__\n__carveout2_start__:\n.zero 8192\n.globl __carveout2_end__\n"
        "__carveout2_end__:\n.popsection\n");
extern uint8_t __carveout_start__[], __carveout2_start__[];
#endif

static int calls;
static char how;
static uintptr_t first, behind;

static void lines(char what, volatile void *addr, int32_t dsize)
{
    uintptr_t op = (uintptr_t)addr;
    int32_t left = dsize + (int32_t)(op & (LINE - 1));

    calls++;
    how = what;
    first = op & ~(uintptr_t)(LINE - 1);
    if (dsize > 0) {
        do {
            op += LINE;
            left -= LINE;
        } while (left > 0);
    }
    behind = op & ~(uintptr_t)(LINE - 1);
}

void SCB_CleanDCache_by_Addr(volatile void *addr, int32_t dsize) { lines('c', addr, dsize); }
void SCB_InvalidateDCache_by_Addr(volatile void *addr, int32_t dsize) { lines('i', addr, dsize); }

int main(void)
{
    const carveout_region *region = carveout_platform_region(0);

#ifndef FAKE_SYMBOLS
    CHECK(region == NULL);
    (void)how;
    (void)first;
    (void)behind;
#else
    uintptr_t memory = (uintptr_t)__carveout_start__;
    uint32_t start = (uint32_t)memory;

    CHECK(region != NULL && region->memory == __carveout_start__ && region->address == start && region->size == REGION);
    CHECK(carveout_platform_region(0) == region);
    CHECK(carveout_region_fill(region, start, REGION, 0xA5) == CARVEOUT_DONE);
    CHECK(__carveout_start__[0] == 0xA5 && __carveout_start__[REGION - 1] == 0xA5 && __carveout_start__[REGION] == 0);
    CHECK(carveout_platform_region(1) != NULL && carveout_platform_region(1)->memory == __carveout2_start__);
    CHECK(carveout_platform_region(1)->size == 8192 && carveout_platform_region(2) == NULL && carveout_platform_region(-1) == NULL);
    CHECK(carveout_platform_region(4) == NULL && carveout_region_of((uint32_t)(uintptr_t)__carveout2_start__) == carveout_platform_region(1));
#ifdef EXPECT_SECOND_MAINTAINED
    CHECK(carveout_platform_region(1)->cache_line == LINE);
    CHECK(carveout_region_clean(carveout_platform_region(1), (uint32_t)(uintptr_t)__carveout2_start__, 1) == CARVEOUT_DONE && calls == 1);
    calls = 0;
#endif
#ifdef EXPECT_MAINTENANCE
    CHECK(region->cache_line == LINE);
    CHECK(carveout_region_clean(region, start + 5, 1) == CARVEOUT_DONE && calls == 1 && how == 'c');
    CHECK(first == memory && behind == memory + LINE);
    CHECK(carveout_region_invalidate(region, start + LINE - 1, 2) == CARVEOUT_DONE && calls == 2 && how == 'i');
    CHECK(first == memory && behind == memory + 2 * LINE);
    CHECK(carveout_region_invalidate(region, start, REGION) == CARVEOUT_DONE && first == memory && behind == memory + REGION);
    CHECK(carveout_region_clean(region, start + REGION - 1, 1) == CARVEOUT_DONE && behind == memory + REGION);
    calls = 0;
    CHECK(carveout_region_clean(region, start + REGION, 1) == CARVEOUT_OUTSIDE_REGION && calls == 0);
    CHECK(carveout_region_invalidate(region, start + 1, 0) == CARVEOUT_DONE && calls == 0);
#else
    CHECK(region->cache_line == 0);
    CHECK(carveout_region_clean(region, start + 5, 1) == CARVEOUT_DONE);
    CHECK(carveout_region_invalidate(region, start, REGION) == CARVEOUT_DONE && calls == 0);
#endif
#endif
    return CHECK_RESULT();
}
