#include "carveout_region.h"

#include "carveout_platform.h"

#include <stddef.h>
#include <string.h>

/* Whether a span lies in the region, and at which offset. */
static bool locate(const carveout_region *region, uint32_t address, int32_t length, uint32_t *offset)
{
    if (region == NULL || region->memory == NULL) {
        return false;
    }
    /* An address below the region wraps around, to behind its end: that is at most 4 GiB. A negative length is, as an unsigned one, more
       than any region has. Neither comparison can overflow. */
    *offset = address - region->address;
    return *offset <= region->size && (uint32_t)length <= region->size - *offset;
}

static carveout_status judge_buffer(const uint8_t *buffer, int32_t capacity, int32_t offset, int32_t length)
{
    if (buffer == NULL) {
        return CARVEOUT_NO_BUFFER;
    }
    return offset < 0 || offset > capacity || length > capacity - offset ? CARVEOUT_OUTSIDE_BUFFER : CARVEOUT_DONE;
}

bool carveout_region_init(carveout_region *region, void *memory, uint32_t address, uint32_t size, uint32_t cache_line)
{
    uint32_t line = cache_line == 0 ? 1 : cache_line;
    uint32_t lead;

    memset(region, 0, sizeof *region);
    if (memory == NULL || address == 0 || (line & (line - 1)) != 0 || ((uintptr_t)memory & (line - 1)) != (address & (line - 1))) {
        return false;
    }
    lead = (0u - address) & (line - 1);
    if (size < lead || size - 1 > UINT32_MAX - address) {
        return false;
    }
    size -= lead;
    /* Lengths are signed on the managed side. */
    size = (size > INT32_MAX ? (uint32_t)INT32_MAX : size) & ~(line - 1);
    if (size == 0) {
        return false;
    }
    region->memory = (uint8_t *)memory + lead;
    region->address = address + lead;
    region->size = size;
    region->cache_line = cache_line;
    return true;
}

const carveout_region *carveout_region_of(uint32_t address)
{
    const carveout_region *region, *found = carveout_platform_region(0);

    for (int32_t i = 0; (region = carveout_platform_region(i)) != NULL; i++) {
        uint32_t offset = address - region->address;

        if (offset < region->size) {
            return region;
        }
        if (offset == region->size) {
            /* A length of 0 is allowed here, unless another region begins where this one ends. */
            found = region;
        }
    }
    return found;
}

carveout_status carveout_region_fill(const carveout_region *region, uint32_t address, int32_t length, uint8_t value)
{
    uint32_t at;

    if (!locate(region, address, length, &at)) {
        return CARVEOUT_OUTSIDE_REGION;
    }
    memset(region->memory + at, value, (size_t)length);
    return CARVEOUT_DONE;
}

carveout_status carveout_region_copy(const carveout_region *region, uint32_t source, uint32_t destination, int32_t length)
{
    uint32_t from, to;

    if (!locate(region, source, length, &from)) {
        return CARVEOUT_OUTSIDE_REGION;
    }
    if (!locate(region, destination, length, &to)) {
        return CARVEOUT_OUTSIDE_DESTINATION;
    }
    memmove(region->memory + to, region->memory + from, (size_t)length);
    return CARVEOUT_DONE;
}

carveout_status carveout_region_read(const carveout_region *region, uint32_t address, uint8_t *buffer, int32_t capacity, int32_t offset,
                                     int32_t length)
{
    uint32_t at;
    carveout_status status;

    if (!locate(region, address, length, &at)) {
        return CARVEOUT_OUTSIDE_REGION;
    }
    status = judge_buffer(buffer, capacity, offset, length);
    if (status == CARVEOUT_DONE) {
        memcpy(buffer + offset, region->memory + at, (size_t)length);
    }
    return status;
}

carveout_status carveout_region_write(const carveout_region *region, uint32_t address, const uint8_t *buffer, int32_t capacity,
                                      int32_t offset, int32_t length)
{
    uint32_t at;
    carveout_status status;

    if (!locate(region, address, length, &at)) {
        return CARVEOUT_OUTSIDE_REGION;
    }
    status = judge_buffer(buffer, capacity, offset, length);
    if (status == CARVEOUT_DONE) {
        memcpy(region->memory + at, buffer + offset, (size_t)length);
    }
    return status;
}

/* The cache lines of a span. They lie in the region, because it consists of whole lines. */
static carveout_status maintain(const carveout_region *region, uint32_t address, int32_t length, bool (*maintenance)(void *, size_t))
{
    uint32_t at, end, line;

    if (!locate(region, address, length, &at)) {
        return CARVEOUT_OUTSIDE_REGION;
    }
    line = region->cache_line;
    if (length == 0 || line == 0) {
        return CARVEOUT_DONE;
    }
    end = (at + (uint32_t)length + (line - 1)) & ~(line - 1);
    at &= ~(line - 1);
    return maintenance(region->memory + at, end - at) ? CARVEOUT_DONE : CARVEOUT_CACHE_FAULT;
}

carveout_status carveout_region_clean(const carveout_region *region, uint32_t address, int32_t length)
{
    return maintain(region, address, length, carveout_platform_clean);
}

carveout_status carveout_region_invalidate(const carveout_region *region, uint32_t address, int32_t length)
{
    return maintain(region, address, length, carveout_platform_invalidate);
}
