/* A POSIX host as firmware: the tests play the part of its boot code. */
#ifndef CARVEOUT_POSIX_H
#define CARVEOUT_POSIX_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Takes pages for a region, with pages at both ends that nobody may touch, and gives back what that and all behind it had before. address is
 * nominal: a real one does not fit 32 bits here. An address of 0 only gives back. Returns 1 where there is such a region now.
 */
int32_t carveout_posix_reserve(int32_t index, uint32_t address, uint32_t size, int32_t cache_line);

#ifdef __cplusplus
}
#endif

#endif
