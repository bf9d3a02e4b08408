/* Stands in for ChibiOS's hal.h, which brings CMSIS-Core's core_cm7.h along; the tests choose with FAKE_DCACHE whether the core has a cache. */
#pragma once

#include <stdint.h>

#ifdef FAKE_DCACHE
#define __DCACHE_PRESENT 1U
#define __SCB_DCACHE_LINE_SIZE 32U
#else
#define __DCACHE_PRESENT 0U
#endif

void SCB_CleanDCache_by_Addr(volatile void *addr, int32_t dsize);
void SCB_InvalidateDCache_by_Addr(volatile void *addr, int32_t dsize);
