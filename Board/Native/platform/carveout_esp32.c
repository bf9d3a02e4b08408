/*
 * ESP32 family: regions are allocated from the memory that nanoFramework's heap leaves to ESP-IDF, first in PSRAM, then in internal memory.
 *
 * Written against ESP-IDF 5.3 to 6.0: esp_heap_caps.h (heap_caps_aligned_alloc), esp_cache.h (esp_cache_msync; with IDF 6.0
 * esp_cache_get_line_size_by_addr, before it esp_cache_get_alignment of esp_private/esp_cache_private.h).
 */
#include "carveout_config.h"
#include "carveout_platform.h"

#include "sdkconfig.h"
#include "soc/soc_caps.h"

#include "esp_cache.h"
#include "esp_heap_caps.h"
#include "esp_idf_version.h"

#if ESP_IDF_VERSION < ESP_IDF_VERSION_VAL(5, 3, 0)
#error "ESP-IDF 5.3 or newer is needed: esp_cache_msync and the alignment that it wants are others before"
#elif ESP_IDF_VERSION < ESP_IDF_VERSION_VAL(6, 0, 0)
#include "esp_private/esp_cache_private.h"
#endif

/* A page of the allocator: zones begin at a multiple of it. */
#define ALIGNMENT 4096

#define INTERNAL (MALLOC_CAP_INTERNAL | MALLOC_CAP_DMA)

/* The size of each region, and the memory to take it from; a region of 0 bytes has no number. */
static const struct {
    uint32_t size, capabilities;
} wanted[] = {
#if CARVEOUT_REGION_SIZE > 0
    {CARVEOUT_REGION_SIZE, MALLOC_CAP_SPIRAM},
#endif
#if CARVEOUT_INTERNAL_SIZE > 0
    {CARVEOUT_INTERNAL_SIZE, INTERNAL},
#endif
    {0, 0},
};

/* Bytes of a line; 0 if caches need no maintenance. */
static bool cache_line_of(const void *memory, uint32_t capabilities, size_t *line)
{
    (void)memory;
    (void)capabilities;
    *line = 0;
#if CONFIG_IDF_TARGET_ESP32
    /* No DMA engine of the first ESP32 reaches PSRAM, and esp_cache_msync cannot write back there, so discarding would lose data. */
    return true;
#else
#if !SOC_CACHE_INTERNAL_MEM_VIA_L1CACHE
    if (capabilities == INTERNAL) {
        return true;
    }
#endif
#if ESP_IDF_VERSION >= ESP_IDF_VERSION_VAL(6, 0, 0)
    *line = esp_cache_get_line_size_by_addr(memory);
    return true;
#else
    return esp_cache_get_alignment(capabilities, line) == ESP_OK;
#endif
#endif
}

const carveout_region *carveout_platform_region(int32_t index)
{
    static carveout_region regions[sizeof wanted / sizeof *wanted];
    carveout_region *region;

    if (index < 0 || index >= (int32_t)(sizeof wanted / sizeof *wanted) - 1) {
        return NULL;
    }
    region = &regions[index];
    if (region->memory == NULL) {
        size_t line;
        uint32_t size = wanted[index].size, capabilities = wanted[index].capabilities;
        void *memory = heap_caps_aligned_alloc(ALIGNMENT, size, capabilities | MALLOC_CAP_8BIT);

        if (memory != NULL && !(cache_line_of(memory, capabilities, &line)
                && carveout_region_init(region, memory, (uint32_t)(uintptr_t)memory, size, (uint32_t)line))) {
            heap_caps_free(memory);
        }
    }
    return region->memory == NULL ? NULL : region;
}

bool carveout_platform_clean(void *memory, size_t size)
{
    return esp_cache_msync(memory, size, ESP_CACHE_MSYNC_FLAG_DIR_C2M | ESP_CACHE_MSYNC_FLAG_TYPE_DATA) == ESP_OK;
}

bool carveout_platform_invalidate(void *memory, size_t size)
{
    return esp_cache_msync(memory, size, ESP_CACHE_MSYNC_FLAG_DIR_M2C | ESP_CACHE_MSYNC_FLAG_TYPE_DATA) == ESP_OK;
}
