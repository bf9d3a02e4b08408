/* What a firmware builder decides: edit the copy in the firmware's tree, or define the same on the compiler's command line. */
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
 * ESP32: bytes of internal memory, which DMA reaches, for a region behind that one, or where there is none of PSRAM for the only one; 0: none.
 * A multiple of 4096. ESP-IDF must have so much in one piece when the application asks for it.
 */
#ifndef CARVEOUT_INTERNAL_SIZE
#define CARVEOUT_INTERNAL_SIZE 0
#endif

/*
 * STM32: 1 where the MPU keeps the region out of the data cache, as nf-interpreter does with the SDRAM of ST_STM32F769I_DISCOVERY. Of several
 * regions the first counts 1, the second 2, the third 4, the fourth 8.
 */
#ifndef CARVEOUT_REGION_UNCACHED
#define CARVEOUT_REGION_UNCACHED 0
#endif

#endif
