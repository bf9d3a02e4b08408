/* The POSIX platform: memory between guard pages, and giving it back. */
#include "carveout_platform.h"
#include "carveout_posix.h"
#include "check.h"

#include <sys/wait.h>
#include <unistd.h>

/* Whether a child process dies when it writes there. */
static bool is_deadly(volatile uint8_t *byte)
{
    int status = 0;
    pid_t child;

    fflush(NULL);
    child = fork();
    if (child == 0) {
        /* It must die of the fault itself, not of a sanitizer's report about it. */
        *byte = 1;
        _exit(0);
    }
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    return !(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(void)
{
    const carveout_region *region;
    uint8_t *old;
    uint8_t seen = 0;

    CHECK(carveout_platform_region(0) == NULL);
    CHECK(carveout_posix_reserve(0, 0x3F800000, 0x40000, 32) == 1);
    region = carveout_platform_region(0);
    CHECK(region != NULL && region->address == 0x3F800000 && region->size == 0x40000 && region->cache_line == 32);
    CHECK(carveout_region_fill(region, 0x3F800000, 0x40000, 0x5A) == CARVEOUT_DONE);
    CHECK(carveout_region_read(region, 0x3F83FFFF, &seen, 1, 0, 1) == CARVEOUT_DONE && seen == 0x5A);
    CHECK(carveout_region_clean(region, 0x3F800001, 100) == CARVEOUT_DONE);
    CHECK(carveout_region_invalidate(region, 0x3F83FFFF, 1) == CARVEOUT_DONE);
    CHECK(!is_deadly(region->memory));
    CHECK(is_deadly(region->memory - 1));
    CHECK(is_deadly(region->memory + 0x40000));
    old = region->memory;
    CHECK(carveout_posix_reserve(0, 0, 0, 0) == 0 && carveout_platform_region(0) == NULL);
    CHECK(is_deadly(old));

    /* A new reservation is another region, without a byte of the old one. */
    CHECK(carveout_posix_reserve(0, 0xFFFFF000, 0x1000, 0) == 1);
    CHECK(carveout_platform_region(0)->address == 0xFFFFF000);
    CHECK(carveout_region_read(carveout_platform_region(0), 0xFFFFFFFF, &seen, 1, 0, 1) == CARVEOUT_DONE && seen == 0);
    CHECK(carveout_region_fill(carveout_platform_region(0), 0x3F800000, 1, 1) == CARVEOUT_OUTSIDE_REGION);

    /* A second region has its own pages. It is given back together with the first, and there is none without a first. */
    CHECK(carveout_posix_reserve(2, 0x5000, 0x1000, 0) == 0 && carveout_posix_reserve(4, 0x5000, 0x1000, 0) == 0);
    CHECK(carveout_posix_reserve(1, 0x30000000, 0x2000, 32) == 1 && carveout_platform_region(1)->address == 0x30000000);
    CHECK(carveout_platform_region(0)->address == 0xFFFFF000 && carveout_platform_region(2) == NULL && carveout_platform_region(-1) == NULL);
    CHECK(carveout_region_of(0x30001FFF) == carveout_platform_region(1) && is_deadly(carveout_platform_region(1)->memory + 0x2000));
    CHECK(carveout_posix_reserve(0, 0xFFFFF000, 0x1000, 0) == 1 && carveout_platform_region(1) == NULL);

    /* Refused, and nothing is left behind. */
    CHECK(carveout_posix_reserve(0, 0x1000, 0, 0) == 0 && carveout_platform_region(0) == NULL);
    CHECK(carveout_posix_reserve(0, 0x1000, 0x1000, 24) == 0 && carveout_platform_region(0) == NULL);
    CHECK(carveout_posix_reserve(0, 0x1000, 0x1000, -1) == 0 && carveout_platform_region(0) == NULL);
    CHECK(carveout_posix_reserve(0, 0xFFFFF000, 0x1001, 0) == 0 && carveout_platform_region(0) == NULL);
    return CHECK_RESULT();
}
