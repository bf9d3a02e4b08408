/* A POSIX host (POSIX.1-2008 with MAP_ANONYMOUS: Linux, macOS, the BSDs). Caches of such hosts are coherent and need no maintenance. */
#define _DEFAULT_SOURCE
#define _DARWIN_C_SOURCE

#include "carveout_posix.h"

#include "carveout_platform.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static carveout_region regions[CARVEOUT_MAX_REGIONS];
static void *mappings[CARVEOUT_MAX_REGIONS];
static size_t mapped[CARVEOUT_MAX_REGIONS];

static void give_back(int32_t first)
{
    for (int32_t i = first; i < CARVEOUT_MAX_REGIONS; i++) {
        if (mappings[i] != NULL) {
            munmap(mappings[i], mapped[i]);
            mappings[i] = NULL;
        }
        memset(&regions[i], 0, sizeof regions[i]);
    }
}

int32_t carveout_posix_reserve(int32_t index, uint32_t address, uint32_t size, int32_t cache_line)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), offset = address % page, room = (offset + size + page - 1) / page * page;
    uint8_t *pages;

    if (index < 0 || index >= CARVEOUT_MAX_REGIONS) {
        return 0;
    }
    give_back(index);
    /* Numbers have no gaps. */
    if (address == 0 || size == 0 || cache_line < 0 || (index > 0 && regions[index - 1].memory == NULL)) {
        return 0;
    }
    pages = mmap(NULL, room + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) {
        return 0;
    }
    mappings[index] = pages;
    mapped[index] = room + 2 * page;
    if (mprotect(pages + page, room, PROT_READ | PROT_WRITE) != 0
        || !carveout_region_init(&regions[index], pages + page + offset, address, size, (uint32_t)cache_line)) {
        give_back(index);
        return 0;
    }
    return 1;
}

const carveout_region *carveout_platform_region(int32_t index)
{
    return index < 0 || index >= CARVEOUT_MAX_REGIONS || regions[index].memory == NULL ? NULL : &regions[index];
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
