/* A POSIX host (POSIX.1-2008 with MAP_ANONYMOUS: Linux, macOS, the BSDs). Caches of such hosts are coherent and need no maintenance. */
#define _DEFAULT_SOURCE
#define _DARWIN_C_SOURCE

#include "carveout_posix.h"

#include "carveout_platform.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static carveout_region region;
static void *mapping;
static size_t mapped;

static void give_back(void)
{
    if (mapping != NULL) {
        munmap(mapping, mapped);
        mapping = NULL;
    }
    memset(&region, 0, sizeof region);
}

int32_t carveout_posix_reserve(uint32_t address, uint32_t size, int32_t cache_line)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), offset = address % page, room = (offset + size + page - 1) / page * page;
    uint8_t *pages;

    give_back();
    if (address == 0 || size == 0 || cache_line < 0) {
        return 0;
    }
    pages = mmap(NULL, room + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) {
        return 0;
    }
    mapping = pages;
    mapped = room + 2 * page;
    if (mprotect(pages + page, room, PROT_READ | PROT_WRITE) != 0
        || !carveout_region_init(&region, pages + page + offset, address, size, (uint32_t)cache_line)) {
        give_back();
        return 0;
    }
    return 1;
}

const carveout_region *carveout_platform_region(void)
{
    return region.memory == NULL ? NULL : &region;
}

bool carveout_platform_clean(void *memory, size_t size)
{
    (void)memory;
    (void)size;
    return true;
}

bool carveout_platform_invalidate(void *memory, size_t size)
{
    (void)memory;
    (void)size;
    return true;
}
