/* The functions of a platform: one file of platform/ implements them. */
#ifndef CARVEOUT_PLATFORM_H
#define CARVEOUT_PLATFORM_H

#include "carveout_region.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The region, taken at the first call; NULL if the firmware reserved nothing or the memory is not there. Later calls give the same region. */
const carveout_region *carveout_platform_region(void);

/* Writes back, or discards, whole cache lines of the region. False if the SDK refused. Never called if cache_line is 0. */
bool carveout_platform_clean(void *memory, size_t size);
bool carveout_platform_invalidate(void *memory, size_t size);

#ifdef __cplusplus
}
#endif

#endif
