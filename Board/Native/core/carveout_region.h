/*
 * A region of memory that firmware keeps from the managed runtime, and the only code that touches its bytes. A firmware may have several
 * (carveout_platform.h); a span lies in one of them.
 *
 * Every call is checked here, whatever managed code passes: no byte outside the region is read or written, no cache line outside it is
 * cleaned or invalidated, and no byte outside the caller's array is touched. A call that is refused has changed nothing.
 * It is C11, allocates nothing, and uses only memcpy, memmove and memset of the C library.
 */
#ifndef CARVEOUT_REGION_H
#define CARVEOUT_REGION_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The numbers are those of NativeStatus.cs. */
typedef enum carveout_status {
    CARVEOUT_DONE = 0,
    CARVEOUT_OUTSIDE_REGION = 1,      /* the span, or the source of a copy */
    CARVEOUT_OUTSIDE_DESTINATION = 2, /* the destination of a copy */
    CARVEOUT_NO_BUFFER = 3,           /* the array is null */
    CARVEOUT_OUTSIDE_BUFFER = 4,      /* offset and length do not lie in the array */
    CARVEOUT_CACHE_FAULT = 5          /* the SDK refused; the bytes are unchanged, the cache may not be */
} carveout_status;

typedef struct carveout_region {
    uint8_t *memory;     /* its address for the CPU; NULL: there is no region, and every call is refused */
    uint32_t address;    /* its address for managed code; on a device the low 32 bits of memory */
    uint32_t size;       /* bytes, at most INT32_MAX */
    uint32_t cache_line; /* bytes, a power of two that divides memory, address and size; 0: nothing is cached */
} carveout_region;

/*
 * Describes a region, cut down to whole cache lines, so that it shares no line with anybody.
 * Returns false, and a region that refuses every call, if memory is NULL, address is 0, cache_line is no power of two, address and memory
 * have different offsets in a line, no whole line is left, or the end is beyond 4 GiB.
 */
bool carveout_region_init(carveout_region *region, void *memory, uint32_t address, uint32_t size, uint32_t cache_line);

/* Sets length bytes to value. Here and below, a length of 0 is allowed from the first byte to the one behind the last. */
carveout_status carveout_region_fill(const carveout_region *region, uint32_t address, int32_t length, uint8_t value);

/* Source and destination may overlap, as memmove allows. */
carveout_status carveout_region_copy(const carveout_region *region, uint32_t source, uint32_t destination, int32_t length);

/* Copies from the region into buffer, an array of capacity bytes, from offset on. The span in the region is checked first. */
carveout_status carveout_region_read(const carveout_region *region, uint32_t address, uint8_t *buffer, int32_t capacity, int32_t offset,
                                     int32_t length);

/* Copies from buffer into the region. */
carveout_status carveout_region_write(const carveout_region *region, uint32_t address, const uint8_t *buffer, int32_t capacity,
                                      int32_t offset, int32_t length);

/* Writes back, or discards, every line that the span touches. Does nothing for a length of 0, or if the region is not cached. */
carveout_status carveout_region_clean(const carveout_region *region, uint32_t address, int32_t length);
carveout_status carveout_region_invalidate(const carveout_region *region, uint32_t address, int32_t length);

#ifdef __cplusplus
}
#endif

#endif
