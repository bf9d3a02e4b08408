/* Settings of a firmware builder: edit the copy in the firmware's tree, or define them on the compiler's command line. */
#ifndef CARVEOUT_CONFIG_H
#define CARVEOUT_CONFIG_H

/*
 * ESP32: bytes of PSRAM to take; 0: no region. A multiple of 4096, and smaller than CONFIG_ESP32_RESERVE_SPIRAM_IDF_ALLOCATION_BYTES by
 * what ESP-IDF itself needs in PSRAM (256 KB in nanoFramework's own targets).
 */
#ifndef CARVEOUT_REGION_SIZE
#define CARVEOUT_REGION_SIZE 0
#endif

/*
 * ESP32: bytes of a region in internal memory, which DMA reaches: a multiple of 4096; 0: none. It follows the region in PSRAM, or is the only one
 * if there is none. ESP-IDF must have so many contiguous bytes when the application opens the region.
 */
#ifndef CARVEOUT_INTERNAL_SIZE
#define CARVEOUT_INTERNAL_SIZE 0
#endif

/*
 * STM32: the regions that the MPU keeps out of the data cache, as nf-interpreter does with the SDRAM of ST_STM32F769I_DISCOVERY: the sum of 1 for
 * the first region, 2 for the second, 4 for the third, 8 for the fourth.
 */
#ifndef CARVEOUT_REGION_UNCACHED
#define CARVEOUT_REGION_UNCACHED 0
#endif

#endif
