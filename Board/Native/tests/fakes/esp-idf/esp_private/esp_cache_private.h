/* Stands in for ESP-IDF's esp_mm/include/esp_private/esp_cache_private.h (5.3 on). */
#pragma once

#include "esp_cache.h"

#include <stdint.h>

esp_err_t esp_cache_get_alignment(uint32_t heap_caps, size_t *out_alignment);
