#pragma once
/*
 * What the rest of the kernel provides to iommu/, played: frames, in memory of which a unit that does not snoop sees only what was
 * flushed; words for whoever reads the log. It has bodies, because the code under test is built in the same file.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/print.h"
#include "kernel/time.h"
#include "kernel/watchdog.h"
#include "mm/frame.h"

enum { FRAMES = 64 };
static u8 memory[FRAMES][PAGE_SIZE] __attribute__((aligned(4096)));
static u8 unsnooped[FRAMES][PAGE_SIZE];
static bool taken[FRAMES];
static char last_timeout[256], last_note[512];
static unsigned timeouts;

u64 tsc_per_ms = 1, tsc_per_us = 1;
static unsigned signs;
void watchdog_again(void) { signs++; }
void until_expired(u64 deadline_ms, const char *fmt, ...)
{
	va_list ap;

	(void)deadline_ms;
	va_start(ap, fmt);
	vsnprintf(last_timeout, sizeof last_timeout, fmt, ap);
	va_end(ap);
	timeouts++;
}
void note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(last_note, sizeof last_note, fmt, ap);
	va_end(ap);
}
struct pa frame_alloc_order(enum frame_kind kind, unsigned order)
{
	unsigned first = 0;

	assert_int_equal(kind, FRAME_IOMMU);
	for (unsigned i = 0; i < 1u << order; i++)
		if (taken[first + i]) {
			first += i + 1;
			i = ~0u;
			assert_true(first + (1u << order) <= FRAMES);
		}
	for (unsigned i = first; i < first + (1u << order); i++) {
		taken[i] = true;
		memset(memory[i], 0, PAGE_SIZE);
		/* the zeroes are still in the CPU's cache, memory has somebody's old data */
		memset(unsnooped[i], 0xff, PAGE_SIZE);
	}
	return direct_pa(memory[first]);
}
struct pa frame_alloc(enum frame_kind kind) { return frame_alloc_order(kind, 0); }
void frame_put(struct pa pa)
{
	unsigned i = (unsigned)(((u8 *)direct(pa) - memory[0]) / (long)PAGE_SIZE);

	assert_true(i < FRAMES && taken[i]);
	taken[i] = false;
	memset(memory[i], 0xee, PAGE_SIZE);
}
static inline unsigned frames_taken(void)
{
	unsigned n = 0;

	for (unsigned i = 0; i < FRAMES; i++)
		n += taken[i];
	return n;
}
