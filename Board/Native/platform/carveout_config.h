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

/* STM32: 1 if the MPU keeps the region out of the data cache, as nf-interpreter does with the SDRAM of ST_STM32F769I_DISCOVERY. */
#ifndef CARVEOUT_REGION_UNCACHED
#define CARVEOUT_REGION_UNCACHED 0
#endif

#endif
