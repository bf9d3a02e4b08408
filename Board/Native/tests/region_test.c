/*
 * The core against a model: an array of bytes with guards at both ends, and arithmetic in 64 bits that cannot overflow.
 *
 * CARVEOUT_SEED (decimal, or hexadecimal with 0x) replaces the seed of the random test, CARVEOUT_ITERATIONS multiplies its length.
 */
#include "carveout_platform.h"
#include "check.h"

#include <stdlib.h>
#include <string.h>

/* ---- a platform that records its calls ---- */

static const uint8_t *maintained;
static size_t maintained_size;
static char maintained_how;
static bool maintenance_works = true;
static carveout_region known[CARVEOUT_MAX_REGIONS];
static int32_t known_count;

static bool note(char how, const void *memory, size_t size)
{
    maintained_how = how;
    maintained = memory;
    maintained_size = size;
    return maintenance_works;
}

const carveout_region *carveout_platform_region(int32_t index)
{
    return index >= 0 && index < known_count ? &known[index] : NULL;
}
bool carveout_platform_clean(void *memory, size_t size) { return note('c', memory, size); }
bool carveout_platform_invalidate(void *memory, size_t size) { return note('i', memory, size); }

/* ---- the memory: guard, region, guard; and its expected content ---- */

enum { GUARD = 64, LARGEST = 4096 };

static _Alignas(64) uint8_t arena[GUARD + LARGEST + GUARD];
static uint8_t model[sizeof arena];
static carveout_region region;

static void start(uint32_t address, uint32_t size, uint32_t line)
{
    for (size_t i = 0; i < sizeof arena; i++) {
        arena[i] = model[i] = (uint8_t)(i * 37 + (i >> 8) * 11 + 5);
    }
    CHECK(carveout_region_init(&region, arena + GUARD, address, size, line));
    CHECK(region.memory == arena + GUARD && region.address == address && region.size == size);
}

static void check_memory(void)
{
    CHECK(memcmp(arena, model, sizeof arena) == 0);
}

/* A span's offset in the region; -1 if it does not lie there. The address behind a region that ends at 4 GiB is 0. */
static int64_t place(uint32_t address, int64_t length)
{
    int64_t offset = (int64_t)address - region.address;

    if (offset < 0 && (int64_t)region.address + region.size == INT64_C(0x100000000)) {
        offset += INT64_C(0x100000000);
    }
    return length >= 0 && offset >= 0 && offset + length <= region.size ? offset : -1;
}

static void try_fill(uint32_t address, int32_t length, uint8_t value)
{
    int64_t at = place(address, length);
    carveout_status expected = at < 0 ? CARVEOUT_OUTSIDE_REGION : CARVEOUT_DONE;

    if (at >= 0) {
        memset(model + GUARD + at, value, (size_t)length);
    }
    CHECK(carveout_region_fill(&region, address, length, value) == expected);
    check_memory();
}

static void try_copy(uint32_t source, uint32_t destination, int32_t length)
{
    int64_t from = place(source, length), to = place(destination, length);
    carveout_status expected = from < 0 ? CARVEOUT_OUTSIDE_REGION : to < 0 ? CARVEOUT_OUTSIDE_DESTINATION : CARVEOUT_DONE;
    static uint8_t between[LARGEST];

    if (expected == CARVEOUT_DONE) {
        memcpy(between, model + GUARD + from, (size_t)length);
        memcpy(model + GUARD + to, between, (size_t)length);
    }
    CHECK(carveout_region_copy(&region, source, destination, length) == expected);
    check_memory();
}

/* capacity bytes from the heap, so that the sanitizer notices one byte too many. */
static void try_array(bool is_write, uint32_t address, int32_t capacity, int32_t offset, int32_t length)
{
    uint8_t *array = malloc(capacity > 0 ? (size_t)capacity : 1), *before = malloc(capacity > 0 ? (size_t)capacity : 1);
    int64_t at = place(address, length);
    bool fits = offset >= 0 && (int64_t)offset + length <= capacity;
    carveout_status expected = at < 0 ? CARVEOUT_OUTSIDE_REGION : fits ? CARVEOUT_DONE : CARVEOUT_OUTSIDE_BUFFER;

    for (int32_t i = 0; i < capacity; i++) {
        array[i] = before[i] = (uint8_t)(200 - i);
    }
    if (expected == CARVEOUT_DONE && length > 0) {
        memcpy(is_write ? model + GUARD + at : before + offset, is_write ? before + offset : model + GUARD + at, (size_t)length);
    }
    CHECK((is_write ? carveout_region_write(&region, address, array, capacity, offset, length)
                    : carveout_region_read(&region, address, array, capacity, offset, length)) == expected);
    CHECK(capacity <= 0 || memcmp(array, before, (size_t)capacity) == 0);
    check_memory();
    free(array);
    free(before);
}

static void try_maintenance(bool is_clean, uint32_t address, int32_t length)
{
    int64_t at = place(address, length);
    carveout_status status;

    maintained_how = '-';
    status = is_clean ? carveout_region_clean(&region, address, length) : carveout_region_invalidate(&region, address, length);
    CHECK(status == (at < 0 ? CARVEOUT_OUTSIDE_REGION : CARVEOUT_DONE));
    if (at < 0 || length == 0 || region.cache_line == 0) {
        CHECK(maintained_how == '-');
    } else {
        int64_t line = region.cache_line, first = at / line, last = (at + length - 1) / line;

        CHECK(maintained_how == (is_clean ? 'c' : 'i'));
        CHECK(maintained == region.memory + first * line);
        CHECK(maintained_size == (size_t)((last - first + 1) * line));
        CHECK((uintptr_t)maintained % (uintptr_t)line == 0);
        CHECK(maintained >= region.memory && maintained + maintained_size <= region.memory + region.size);
    }
    check_memory();
}

/* ---- tests ---- */

static void init_keeps_to_whole_lines(void)
{
    carveout_region r;

    CHECK(carveout_region_init(&r, arena + 3, 0x1003, 1000, 32));
    CHECK(r.memory == arena + 32 && r.address == 0x1020 && r.size == 960 && r.cache_line == 32);
    CHECK(carveout_region_init(&r, arena + 3, 0x20000003, 1000, 0));
    CHECK(r.memory == arena + 3 && r.address == 0x20000003 && r.size == 1000 && r.cache_line == 0);
    CHECK(carveout_region_init(&r, arena, 0xFFFFFF00, 0x100, 32));
    CHECK(r.size == 0x100);
    CHECK(carveout_region_init(&r, arena, 0x1000, 0xFFFF0000, 64));
    CHECK(r.size == 0x7FFFFFC0);
}

static void init_refuses_what_is_no_region(void)
{
    carveout_region r;
    uint8_t byte = 0;

    CHECK(!carveout_region_init(&r, NULL, 0x1000, 4096, 0));
    CHECK(!carveout_region_init(&r, arena, 0, 4096, 0));
    CHECK(!carveout_region_init(&r, arena, 0x1000, 0, 0));
    CHECK(!carveout_region_init(&r, arena, 0x1000, 4096, 24));          /* no power of two */
    CHECK(!carveout_region_init(&r, arena + 4, 0x1000, 1000, 32));      /* memory and address have different offsets in a line */
    CHECK(!carveout_region_init(&r, arena + 1, 0x1001, 32, 32));        /* no whole line is left */
    CHECK(!carveout_region_init(&r, arena + 31, 0x101F, 0, 32));
    CHECK(!carveout_region_init(&r, arena, 0xFFFFFF00, 0x101, 0));      /* beyond 4 GiB */
    CHECK(!carveout_region_init(&r, arena, 0xFFFFFFFF, UINT32_MAX, 0));
    CHECK(!carveout_region_init(&r, arena + 31, 0xFFFFFFFF, 1, 32));
    /* A region that was refused refuses every call. */
    CHECK(carveout_region_fill(&r, 0, 0, 1) == CARVEOUT_OUTSIDE_REGION);
    CHECK(carveout_region_fill(NULL, 0x1000, 1, 1) == CARVEOUT_OUTSIDE_REGION);
    CHECK(carveout_region_copy(NULL, 0x1000, 0x1000, 1) == CARVEOUT_OUTSIDE_REGION);
    CHECK(carveout_region_read(NULL, 0x1000, &byte, 1, 0, 1) == CARVEOUT_OUTSIDE_REGION);
    CHECK(carveout_region_write(NULL, 0x1000, &byte, 1, 0, 1) == CARVEOUT_OUTSIDE_REGION);
    CHECK(carveout_region_clean(NULL, 0x1000, 1) == CARVEOUT_OUTSIDE_REGION);
    CHECK(carveout_region_invalidate(NULL, 0x1000, 1) == CARVEOUT_OUTSIDE_REGION);
}

static void spans_that_overflow_are_refused(void)
{
    static const uint32_t starts[] = { 0x20000000, 0x7FFFFF80, 0x80000000, 0xC0000000, 0xFFFFF000 };

    for (size_t s = 0; s < sizeof starts / sizeof *starts; s++) {
        start(starts[s], LARGEST, 32);
        const uint32_t end = region.address + region.size;
        const uint32_t addresses[] = { 0, 1, region.address - 1, region.address, region.address + 1, end - 1, end, end + 1, 0x7FFFFFFF,
                                       0x80000000, 0xFFFFFFFF, region.address + 0x80000000u };
        const int32_t lengths[] = { INT32_MIN, INT32_MIN + 1, -LARGEST, -1, 0, 1, 2, LARGEST - 1, LARGEST, LARGEST + 1, INT32_MAX - 1,
                                    INT32_MAX };

        for (size_t a = 0; a < sizeof addresses / sizeof *addresses; a++) {
            for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
                snprintf(check_context, sizeof check_context, "region at %x, %d bytes at %x", starts[s], lengths[l], addresses[a]);
                try_fill(addresses[a], lengths[l], 0xEE);
                try_copy(addresses[a], region.address, lengths[l]);
                try_copy(region.address, addresses[a], lengths[l]);
                try_maintenance(true, addresses[a], lengths[l]);
                try_maintenance(false, addresses[a], lengths[l]);
                for (size_t o = 0; o < sizeof lengths / sizeof *lengths; o++) {
                    try_array(false, addresses[a], 16, lengths[o], lengths[l]);
                    try_array(true, addresses[a], 16, lengths[o], lengths[l]);
                }
            }
        }
    }
    *check_context = 0;
}

static void a_buffer_that_is_not_there_is_refused(void)
{
    uint8_t byte = 7;

    start(0x20000000, 64, 0);
    CHECK(carveout_region_read(&region, 0x20000000, NULL, 0, 0, 0) == CARVEOUT_NO_BUFFER);
    CHECK(carveout_region_write(&region, 0x20000000, NULL, 16, 0, 16) == CARVEOUT_NO_BUFFER);
    CHECK(carveout_region_read(&region, 0x20000000, &byte, -1, 0, 0) == CARVEOUT_OUTSIDE_BUFFER);
    CHECK(carveout_region_write(&region, 0x20000000, &byte, INT32_MIN, 0, 1) == CARVEOUT_OUTSIDE_BUFFER);
    /* The region comes first, so that the message is about the address. */
    CHECK(carveout_region_read(&region, 0x20000041, NULL, 0, 0, 0) == CARVEOUT_OUTSIDE_REGION);
    check_memory();
}

static void a_cache_that_refuses_is_reported(void)
{
    start(0x20000000, 64, 32);
    maintenance_works = false;
    CHECK(carveout_region_clean(&region, 0x20000000, 1) == CARVEOUT_CACHE_FAULT);
    CHECK(carveout_region_invalidate(&region, 0x20000000, 64) == CARVEOUT_CACHE_FAULT);
    CHECK(carveout_region_clean(&region, 0x20000000, 0) == CARVEOUT_DONE);
    maintenance_works = true;
}

/* Every span of a small region and around it. */
static void every_span_of_a_small_region(void)
{
    static const uint32_t starts[] = { 16, 0x7FFFFFF8, 0xFFFFFFF0 };

    for (size_t s = 0; s < sizeof starts / sizeof *starts; s++) {
        const uint32_t size = 16, first = starts[s] - 3;

        start(starts[s], size, 4);
        for (uint32_t a = 0; a <= size + 6; a++) {
            for (int32_t length = -2; length <= (int32_t)size + 3; length++) {
                snprintf(check_context, sizeof check_context, "region at %x, %d bytes at %x", starts[s], length, first + a);
                try_fill(first + a, length, (uint8_t)(a * 16 + (uint32_t)length));
                try_maintenance(true, first + a, length);
                try_maintenance(false, first + a, length);
                for (uint32_t b = 0; b <= size + 6; b++) {
                    try_copy(first + a, first + b, length);
                }
                for (int32_t capacity = 0; capacity <= 4; capacity++) {
                    for (int32_t offset = -1; offset <= 5; offset++) {
                        try_array(false, first + a, capacity, offset, length);
                        try_array(true, first + a, capacity, offset, length);
                    }
                }
            }
        }
    }
    *check_context = 0;
}

static uint64_t number(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text == NULL || *text == 0 ? otherwise : strtoull(text, NULL, 0);
}

/* SplitMix64, as in the tools. */
static uint64_t next(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);

    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static uint32_t some_address(uint64_t *state)
{
    switch (next(state) % 8) {
    case 0: return (uint32_t)next(state);
    case 1: return region.address - (uint32_t)(next(state) % 8);
    case 2: return region.address + region.size - 8 + (uint32_t)(next(state) % 16);
    default: return region.address + (uint32_t)(next(state) % region.size);
    }
}

static int32_t some_length(uint64_t *state)
{
    switch (next(state) % 8) {
    case 0: return (int32_t)next(state);
    case 1: return INT32_MAX - (int32_t)(next(state) % 8);
    case 2: return -(int32_t)(next(state) % 8);
    default: return (int32_t)(next(state) % (next(state) % 2 ? 64 : region.size));
    }
}

static void random_calls(void)
{
    static const uint32_t lines[] = { 0, 4, 16, 32, 64 };
    uint64_t seed = number("CARVEOUT_SEED", 20261122), steps = 20000 * number("CARVEOUT_ITERATIONS", 1), state = seed;

    printf("seed %llu; to see it again: CARVEOUT_SEED=%llu\n", (unsigned long long)seed, (unsigned long long)seed);
    for (uint64_t step = 0; step < steps; step++) {
        if (step % 1000 == 0) {
            uint32_t line = lines[next(&state) % 5], size = 64 + 64 * (uint32_t)(next(&state) % 63);

            start((uint32_t)(64 + next(&state) % (UINT32_MAX - LARGEST)) & ~63u, size, line);
        }
        uint32_t address = some_address(&state), other = some_address(&state);
        int32_t length = some_length(&state), capacity = (int32_t)(next(&state) % 128), offset = some_length(&state) % 160;
        unsigned kind = (unsigned)(next(&state) % 6);

        snprintf(check_context, sizeof check_context, "seed %llu, step %llu, kind %u: %d bytes at %x, %x, array %d from %d",
                 (unsigned long long)seed, (unsigned long long)step, kind, length, address, other, capacity, offset);
        switch (kind) {
        case 0: try_fill(address, length, (uint8_t)next(&state)); break;
        case 1: try_copy(address, other, length); break;
        case 2: try_array(false, address, capacity, offset, length); break;
        case 3: try_array(true, address, capacity, offset, length); break;
        default: try_maintenance(kind == 4, address, length); break;
        }
    }
    *check_context = 0;
}

/* A firmware's regions are told apart by the address; where two touch, the border is the upper one's. */
static void an_address_finds_its_region(void)
{
    static uint8_t bytes[0x3000];

    CHECK(carveout_region_of(0x1000) == NULL);
    known_count = 3;
    CHECK(carveout_region_init(&known[0], bytes, 0x2000, 0x1000, 0));
    CHECK(carveout_region_init(&known[1], bytes + 0x1000, 0x1000, 0x1000, 0));
    CHECK(carveout_region_init(&known[2], bytes + 0x2000, 0xFFFFF000, 0x1000, 0));
    CHECK(carveout_region_of(0x2000) == &known[0] && carveout_region_of(0x2FFF) == &known[0] && carveout_region_of(0x3000) == &known[0]);
    CHECK(carveout_region_of(0x1000) == &known[1] && carveout_region_of(0x1FFF) == &known[1]);
    CHECK(carveout_region_of(0xFFFFF000) == &known[2] && carveout_region_of(0xFFFFFFFF) == &known[2] && carveout_region_of(0) == &known[2]);
    CHECK(carveout_region_of(0x800) == &known[0] && carveout_region_of(0x4000) == &known[0]);
    CHECK(carveout_region_fill(carveout_region_of(0x1FFF), 0x1FFF, 2, 0) == CARVEOUT_OUTSIDE_REGION);
    known_count = 0;
}

int main(void)
{
    an_address_finds_its_region();
    init_keeps_to_whole_lines();
    init_refuses_what_is_no_region();
    spans_that_overflow_are_refused();
    a_buffer_that_is_not_there_is_refused();
    a_cache_that_refuses_is_reported();
    every_span_of_a_small_region();
    random_calls();
    return CHECK_RESULT();
}
