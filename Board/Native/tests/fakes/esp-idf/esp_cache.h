/* Stands in for ESP-IDF's esp_mm/include/esp_cache.h (5.3 to 6.0): declarations and flags as there, the tests implement the functions. */
#pragma once

#include "esp_idf_version.h"

#include <stddef.h>

typedef int esp_err_t;
#define ESP_OK 0
#define ESP_ERR_INVALID_ARG 0x102

#define ESP_CACHE_MSYNC_FLAG_INVALIDATE (1 << 0)
#define ESP_CACHE_MSYNC_FLAG_UNALIGNED (1 << 1)
#define ESP_CACHE_MSYNC_FLAG_DIR_C2M (1 << 2)
#define ESP_CACHE_MSYNC_FLAG_DIR_M2C (1 << 3)
#define ESP_CACHE_MSYNC_FLAG_TYPE_DATA (1 << 4)
#define ESP_CACHE_MSYNC_FLAG_TYPE_INST (1 << 5)

esp_err_t esp_cache_msync(void *addr, size_t size, int flags);

#if ESP_IDF_VERSION >= ESP_IDF_VERSION_VAL(6, 0, 0)
size_t esp_cache_get_line_size_by_addr(const void *addr);
#endif
