#pragma once
#include "kernel/firmware.h"

/*
 * What parsers of firmware's data see: physical memory of blocks, each allocated to the byte, so that
 * the address sanitizer sees one step too far.
 */
extern struct firmware memory;

/* All blocks gone, no problem told yet. */
void memory_clear(void);
/* A copy of len bytes, readable at pa; the first of two blocks with one address counts. */
u8 *memory_put(u64 pa, const void *bytes, size_t len);

/* How many sentences were told since memory_clear(), and whether one of them contains a text. */
unsigned memory_problems(void);
bool memory_told(const char *text);

/* Makes all bytes of a table add up to 0, if it is long enough to have a checksum at offset 9. */
void table_checksum(u8 *table, size_t len);

/*
 * Runs with every length from 0 to len and with every value of every byte of it (from byte first on),
 * each time in a block of its own of exactly that size.
 */
void each_truncation(const u8 *bytes, size_t len, void (*run)(u8 *bytes, size_t len));
void each_change(const u8 *bytes, size_t first, size_t len, void (*run)(u8 *bytes, size_t len));
/* rounds times: up to eight bytes anywhere become something else. The same ones in every run. */
void some_changes(const u8 *bytes, size_t len, unsigned rounds, void (*run)(u8 *bytes, size_t len));

/* The same numbers in every run of a program. */
u32 random_u32(void);
