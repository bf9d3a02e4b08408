/*
 * STM32 (ChibiOS targets of nf-interpreter): the region is RAM that the linker script reserves for it.
 *
 * Written against CMSIS-Core 5 (core_cm7.h: SCB_CleanDCache_by_Addr, SCB_InvalidateDCache_by_Addr, lines of 32 bytes) and GNU ld.
 * The script sets __carveout_start__ and __carveout_end__ (docs/native.md has an example); without them there is no region. External RAM
 * must work when the region is opened: nf-interpreter's targets start it before the CLR.
 */
#include "carveout_config.h"
#include "carveout_platform.h"

#include <hal.h> /* ChibiOS: brings the device's CMSIS header along */

#if defined(__DCACHE_PRESENT) && (__DCACHE_PRESENT == 1U) && !CARVEOUT_REGION_UNCACHED
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

extern uint8_t __carveout_start__[] __attribute__((weak));
extern uint8_t __carveout_end__[] __attribute__((weak));

const carveout_region *carveout_platform_region(void)
{
    static carveout_region region;

    if (region.memory == NULL) {
        uintptr_t start = (uintptr_t)__carveout_start__, end = (uintptr_t)__carveout_end__;

        /* Symbols that no script sets are 0. */
        if (end <= start || !carveout_region_init(&region, (void *)start, (uint32_t)start, (uint32_t)(end - start), LINE)) {
            return NULL;
        }
    }
    return &region;
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
