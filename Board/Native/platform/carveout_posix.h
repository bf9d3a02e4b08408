/* A POSIX host as firmware: the tests play its boot code. */
#ifndef CARVEOUT_POSIX_H
#define CARVEOUT_POSIX_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Takes pages for a region, with guard pages at both ends, and gives back what this region and all with a higher number had before. address is
 * nominal, because a real one does not fit into 32 bits here. An address of 0 only gives back. Returns 1 if there is such a region now.
 */
int32_t carveout_posix_reserve(int32_t index, uint32_t address, uint32_t size, int32_t cache_line);

#ifdef __cplusplus
}
#endif

#endif
