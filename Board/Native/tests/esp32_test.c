/*
 * The ESP32 platform against the rules of ESP-IDF that the fakes enforce: whole lines only, one direction, no writing back on the first
 * chip. Compiled once for each chip and version of the SDK that makes a difference.
 */
#include "carveout_config.h"
#include "carveout_platform.h"
#include "check.h"
#include "esp_cache.h"
#include "esp_heap_caps.h"

enum { LINE = 64, REGION = 64 * 1024 };

static _Alignas(4096) uint8_t psram[REGION], internal[8192];
static bool psram_is_free;
static int allocations, frees, syncs, sync_flags;
static uint8_t *sync_address;
static size_t sync_size;

void *heap_caps_aligned_alloc(size_t alignment, size_t size, uint32_t caps)
{
    allocations++;
    CHECK(alignment % 4096 == 0 && (caps & MALLOC_CAP_8BIT) != 0);
    if ((caps & MALLOC_CAP_INTERNAL) != 0) {
        CHECK(size == sizeof internal && (caps & MALLOC_CAP_DMA) != 0);
        return internal;
    }
    CHECK(size == REGION && (caps & MALLOC_CAP_SPIRAM) != 0);
    return psram_is_free ? psram : NULL;
}

void heap_caps_free(void *ptr)
{
    CHECK(ptr == psram);
    frees++;
}

/* Checks its arguments as components/esp_mm/esp_cache_msync.c does. */
esp_err_t esp_cache_msync(void *addr, size_t size, int flags)
{
    bool c2m = (flags & ESP_CACHE_MSYNC_FLAG_DIR_C2M) != 0, m2c = (flags & ESP_CACHE_MSYNC_FLAG_DIR_M2C) != 0;

    syncs++;
    sync_address = addr;
    sync_size = size;
    sync_flags = flags;
    CHECK((uint8_t *)addr >= psram && (uint8_t *)addr + size <= psram + REGION);
    if (addr == NULL || c2m == m2c || (uintptr_t)addr % LINE != 0 || size % LINE != 0 || (flags & ESP_CACHE_MSYNC_FLAG_TYPE_INST)) {
        return ESP_ERR_INVALID_ARG;
    }
    return ESP_OK;
}

#if FAKE_IDF_MAJOR >= 6
size_t esp_cache_get_line_size_by_addr(const void *addr)
{
    CHECK(addr == psram || addr == internal);
    return LINE;
}
#else
#include "esp_private/esp_cache_private.h"

static bool alignment_is_known;

esp_err_t esp_cache_get_alignment(uint32_t heap_caps, size_t *out_alignment)
{
    CHECK(heap_caps == MALLOC_CAP_SPIRAM);
    *out_alignment = LINE;
    return alignment_is_known ? ESP_OK : ESP_ERR_INVALID_ARG;
}
#endif

int main(void)
{
    const carveout_region *region;
    uint32_t start;

    CHECK(carveout_platform_region(0) == NULL);
    if (CARVEOUT_REGION_SIZE == 0) {
        CHECK(allocations == 0);
        return CHECK_RESULT();
    }
    /* PSRAM that is not there now may be later. */
    CHECK(allocations == 1 && frees == 0);
    psram_is_free = true;
#if FAKE_IDF_MAJOR < 6 && !defined FAKE_ESP32
    CHECK(carveout_platform_region(0) == NULL && frees == 1);
    alignment_is_known = true;
#endif
    region = carveout_platform_region(0);
    CHECK(region != NULL && region->memory == psram && region->size == REGION);
    if (region == NULL) {
        return CHECK_RESULT();
    }
    CHECK(region->address == (uint32_t)(uintptr_t)psram);
    allocations = 0;
    CHECK(carveout_platform_region(0) == region && allocations == 0);
#if CARVEOUT_INTERNAL_SIZE > 0
    CHECK(carveout_platform_region(1)->memory == internal && carveout_platform_region(1)->size == sizeof internal && allocations == 1);
    CHECK(carveout_region_of((uint32_t)(uintptr_t)internal + 8191) == carveout_platform_region(1) && allocations == 1);
#ifdef FAKE_P4
    CHECK(carveout_platform_region(1)->cache_line == LINE);
#else
    CHECK(carveout_platform_region(1)->cache_line == 0);
#endif
    CHECK(carveout_platform_region(2) == NULL);
#else
    CHECK(carveout_platform_region(1) == NULL);
#endif
    CHECK(carveout_platform_region(-1) == NULL);

    start = region->address;
    CHECK(carveout_region_clean(region, start + 1, 100) == CARVEOUT_DONE);
#ifdef FAKE_ESP32
    CHECK(region->cache_line == 0 && syncs == 0);
    CHECK(carveout_region_invalidate(region, start, REGION) == CARVEOUT_DONE && syncs == 0);
#else
    CHECK(region->cache_line == LINE && syncs == 1);
    CHECK(sync_address == psram && sync_size == 2 * LINE && (sync_flags & ESP_CACHE_MSYNC_FLAG_DIR_C2M) != 0);
    CHECK((sync_flags & ESP_CACHE_MSYNC_FLAG_INVALIDATE) == 0);
    CHECK(carveout_region_invalidate(region, start + LINE, LINE + 1) == CARVEOUT_DONE && syncs == 2);
    CHECK(sync_address == psram + LINE && sync_size == 2 * LINE && (sync_flags & ESP_CACHE_MSYNC_FLAG_DIR_M2C) != 0);
    CHECK(carveout_region_invalidate(region, start + REGION - 1, 1) == CARVEOUT_DONE && syncs == 3);
    CHECK(sync_address == psram + REGION - LINE && sync_size == LINE);
    CHECK(carveout_region_clean(region, start + REGION - 1, 2) == CARVEOUT_OUTSIDE_REGION && syncs == 3);
    CHECK(carveout_region_clean(region, start, 0) == CARVEOUT_DONE && syncs == 3);
    /* A call that the SDK refuses is not reported as done. */
    CHECK(!carveout_platform_clean(psram + 1, LINE) && !carveout_platform_invalidate(psram, LINE - 1));
#endif
    return CHECK_RESULT();
}
