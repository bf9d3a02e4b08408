/* What a platform has to offer: one file of platform/ implements it. */
#ifndef CARVEOUT_PLATFORM_H
#define CARVEOUT_PLATFORM_H

#include "carveout_region.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The region, taken when first asked for; NULL where the firmware reserved nothing or the memory is not there. What was given once stays. */
const carveout_region *carveout_platform_region(void);

/* Writes back, or discards, whole cache lines of the region. False where the SDK refused. Never called where cache_line is 0. */
bool carveout_platform_clean(void *memory, size_t size);
bool carveout_platform_invalidate(void *memory, size_t size);

#ifdef __cplusplus
}
#endif

#endif
