/* A minimal test harness: a failed check prints its place, the program goes on, and fails at its end. */
#ifndef CARVEOUT_CHECK_H
#define CARVEOUT_CHECK_H

#include <stdio.h>

static int check_failures;
static long check_count;

/* The next attempt of a random or exhaustive test; printed with the first failures. */
static char check_context[256] = "";

#define CHECK(condition)                                                                                                                   \
    do {                                                                                                                                   \
        check_count++;                                                                                                                     \
        if (!(condition) && check_failures++ < 10) {                                                                                       \
            fprintf(stderr, "%s:%d: failed: %s  %s\n", __FILE__, __LINE__, #condition, check_context);                                     \
        }                                                                                                                                  \
    } while (0)

#define CHECK_RESULT()                                                                                                                     \
    (printf("%ld checks, %d failed\n", check_count, check_failures), check_failures == 0 && check_count > 0 ? 0 : 1)

#endif
