/*
 * ESP32 family with PSRAM: the region is allocated from the memory that nanoFramework's heap leaves to ESP-IDF.
 *
 * Written against ESP-IDF 5.3 to 6.0: esp_heap_caps.h (heap_caps_aligned_alloc), esp_cache.h (esp_cache_msync; with IDF 6.0
 * esp_cache_get_line_size_by_addr, before it esp_cache_get_alignment of esp_private/esp_cache_private.h).
 */
#include "carveout_config.h"
#include "carveout_platform.h"

#include "sdkconfig.h"

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

/* Bytes of a line; 0 if caches need no maintenance. */
static bool cache_line_of(const void *memory, size_t *line)
{
#if CONFIG_IDF_TARGET_ESP32
    /* No DMA engine of the first ESP32 reaches PSRAM, and esp_cache_msync cannot write back there, so discarding would lose data. */
    (void)memory;
    *line = 0;
    return true;
#elif ESP_IDF_VERSION >= ESP_IDF_VERSION_VAL(6, 0, 0)
    *line = esp_cache_get_line_size_by_addr(memory);
    return true;
#else
    (void)memory;
    *line = 0;
    return esp_cache_get_alignment(MALLOC_CAP_SPIRAM, line) == ESP_OK;
#endif
}

const carveout_region *carveout_platform_region(void)
{
    static carveout_region region;

    if (region.memory == NULL && CARVEOUT_REGION_SIZE > 0) {
        size_t line;
        void *memory = heap_caps_aligned_alloc(ALIGNMENT, CARVEOUT_REGION_SIZE, MALLOC_CAP_SPIRAM | MALLOC_CAP_8BIT);

        if (memory != NULL && !(cache_line_of(memory, &line)
                && carveout_region_init(&region, memory, (uint32_t)(uintptr_t)memory, CARVEOUT_REGION_SIZE, (uint32_t)line))) {
            heap_caps_free(memory);
        }
    }
    return region.memory == NULL ? NULL : &region;
}

bool carveout_platform_clean(void *memory, size_t size)
{
    return esp_cache_msync(memory, size, ESP_CACHE_MSYNC_FLAG_DIR_C2M | ESP_CACHE_MSYNC_FLAG_TYPE_DATA) == ESP_OK;
}

bool carveout_platform_invalidate(void *memory, size_t size)
{
    return esp_cache_msync(memory, size, ESP_CACHE_MSYNC_FLAG_DIR_M2C | ESP_CACHE_MSYNC_FLAG_TYPE_DATA) == ESP_OK;
}
