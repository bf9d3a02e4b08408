/* The shared library behind host/NativeMethods.cs. It takes the place of interop/ on a device, with one function for every method. */
#include "carveout_platform.h"

uint32_t carveout_host_start(int32_t index);
uint32_t carveout_host_size(int32_t index);
int32_t carveout_host_cache_line(int32_t index);
int32_t carveout_host_fill(uint32_t address, int32_t length, uint8_t value);
int32_t carveout_host_copy(uint32_t source, uint32_t destination, int32_t length);
int32_t carveout_host_read(uint32_t address, uint8_t *buffer, int32_t capacity, int32_t offset, int32_t length);
int32_t carveout_host_write(uint32_t address, const uint8_t *buffer, int32_t capacity, int32_t offset, int32_t length);
int32_t carveout_host_clean_cache(uint32_t address, int32_t length);
int32_t carveout_host_invalidate_cache(uint32_t address, int32_t length);

uint32_t carveout_host_start(int32_t index)
{
    const carveout_region *region = carveout_platform_region(index);
    return region == NULL ? 0 : region->address;
}

uint32_t carveout_host_size(int32_t index)
{
    const carveout_region *region = carveout_platform_region(index);
    return region == NULL ? 0 : region->size;
}

int32_t carveout_host_cache_line(int32_t index)
{
    const carveout_region *region = carveout_platform_region(index);
    return region == NULL ? 0 : (int32_t)region->cache_line;
}

int32_t carveout_host_fill(uint32_t address, int32_t length, uint8_t value)
{
    return carveout_region_fill(carveout_region_of(address), address, length, value);
}

int32_t carveout_host_copy(uint32_t source, uint32_t destination, int32_t length)
{
    return carveout_region_copy(carveout_region_of(source), source, destination, length);
}

int32_t carveout_host_read(uint32_t address, uint8_t *buffer, int32_t capacity, int32_t offset, int32_t length)
{
    return carveout_region_read(carveout_region_of(address), address, buffer, capacity, offset, length);
}

int32_t carveout_host_write(uint32_t address, const uint8_t *buffer, int32_t capacity, int32_t offset, int32_t length)
{
    return carveout_region_write(carveout_region_of(address), address, buffer, capacity, offset, length);
}

int32_t carveout_host_clean_cache(uint32_t address, int32_t length)
{
    return carveout_region_clean(carveout_region_of(address), address, length);
}

int32_t carveout_host_invalidate_cache(uint32_t address, int32_t length)
{
    return carveout_region_invalidate(carveout_region_of(address), address, length);
}
