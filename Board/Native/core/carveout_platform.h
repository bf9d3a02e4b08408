/* What a platform has to offer: one file of platform/ implements it. */
#ifndef CARVEOUT_PLATFORM_H
#define CARVEOUT_PLATFORM_H

#include "carveout_region.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The most regions that a firmware has. */
#define CARVEOUT_MAX_REGIONS 4

/*
 * A region by its number, from 0 on, taken when first asked for; NULL where the firmware reserved no such region or the memory is not there, and
 * then for every number above. What was given once stays.
 */
const carveout_region *carveout_platform_region(int32_t index);

/* The region that an address lies in, or behind the last byte of; where there is none, the first, which refuses it then. */
const carveout_region *carveout_region_of(uint32_t address);

/* Writes back, or discards, whole cache lines of the region. False where the SDK refused. Never called where cache_line is 0. */
bool carveout_platform_clean(void *memory, size_t size);
bool carveout_platform_invalidate(void *memory, size_t size);

#ifdef __cplusplus
}
#endif

#endif
