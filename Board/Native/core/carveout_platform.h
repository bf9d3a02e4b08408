/* The functions of a platform: one file of platform/ implements them. */
#ifndef CARVEOUT_PLATFORM_H
#define CARVEOUT_PLATFORM_H

#include "carveout_region.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The most regions of a firmware. */
#define CARVEOUT_MAX_REGIONS 4

/*
 * A region by its number, from 0 on, taken at the first call; later calls give the same region. NULL if the firmware reserved no such region or
 * the memory is not there, and then for every higher number, too.
 */
const carveout_region *carveout_platform_region(int32_t index);

/* The region that contains an address, or that ends at it; else the first region, which then refuses the address. */
const carveout_region *carveout_region_of(uint32_t address);

/* Writes back, or discards, whole cache lines of the region. False if the SDK refused. Never called if cache_line is 0. */
bool carveout_platform_clean(void *memory, size_t size);
bool carveout_platform_invalidate(void *memory, size_t size);

#ifdef __cplusplus
}
#endif

#endif
