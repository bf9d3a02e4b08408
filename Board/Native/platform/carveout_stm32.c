/*
 * STM32 (ChibiOS targets of nf-interpreter): a region is RAM that the linker script reserves for it.
 *
 * Written against CMSIS-Core 5 (core_cm7.h: SCB_CleanDCache_by_Addr, SCB_InvalidateDCache_by_Addr, lines of 32 bytes) and GNU ld.
 * The script sets __carveout_start__ and __carveout_end__ (docs/native.md has an example), for further regions __carveout2_start__ and so on;
 * without them there is no region. External RAM must work when a region is opened: nf-interpreter's targets start it before the CLR.
 */
#include "carveout_config.h"
#include "carveout_platform.h"

#include <hal.h> /* ChibiOS: brings the device's CMSIS header along */

#if defined(__DCACHE_PRESENT) && (__DCACHE_PRESENT == 1U)
#define MAINTAINED 1
#ifdef __SCB_DCACHE_LINE_SIZE
#define LINE __SCB_DCACHE_LINE_SIZE
#else
#define LINE 32U /* before CMSIS 5.5 the header has the number in its functions only */
#endif
#else
#define MAINTAINED 0
#define LINE 0U
#endif

/* Symbols that no script sets are 0. */
#define SYMBOL(name) extern uint8_t name[] __attribute__((weak))
SYMBOL(__carveout_start__);
SYMBOL(__carveout_end__);
SYMBOL(__carveout2_start__);
SYMBOL(__carveout2_end__);
SYMBOL(__carveout3_start__);
SYMBOL(__carveout3_end__);
SYMBOL(__carveout4_start__);
SYMBOL(__carveout4_end__);

const carveout_region *carveout_platform_region(int32_t index)
{
    static uint8_t *const linked[CARVEOUT_MAX_REGIONS][2] = {
        {__carveout_start__, __carveout_end__},
        {__carveout2_start__, __carveout2_end__},
        {__carveout3_start__, __carveout3_end__},
        {__carveout4_start__, __carveout4_end__},
    };
    static carveout_region regions[CARVEOUT_MAX_REGIONS];
    carveout_region *region;

    if (index < 0 || index >= CARVEOUT_MAX_REGIONS) {
        return NULL;
    }
    region = &regions[index];
    if (region->memory == NULL) {
        uintptr_t start = (uintptr_t)linked[index][0], end = (uintptr_t)linked[index][1];
        uint32_t line = (CARVEOUT_REGION_UNCACHED >> index & 1) != 0 ? 0 : LINE;

        if (end <= start || !carveout_region_init(region, (void *)start, (uint32_t)start, (uint32_t)(end - start), line)) {
            return NULL;
        }
    }
    return region;
}

bool carveout_platform_clean(void *memory, size_t size)
{
#if MAINTAINED
    SCB_CleanDCache_by_Addr((uint32_t *)memory, (int32_t)size);
#else
    (void)memory;
    (void)size;
#endif
    return true;
}

bool carveout_platform_invalidate(void *memory, size_t size)
{
#if MAINTAINED
    SCB_InvalidateDCache_by_Addr((uint32_t *)memory, (int32_t)size);
#else
    (void)memory;
    (void)size;
#endif
    return true;
}
