/* Stands in for ESP-IDF's soc/TARGET/include/soc/soc_caps.h: of the chips that the tests choose only an ESP32-P4 has a cache before internal memory. */
#pragma once

#ifdef FAKE_P4
#define SOC_CACHE_INTERNAL_MEM_VIA_L1CACHE 1
#endif
