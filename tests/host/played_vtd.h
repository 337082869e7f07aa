#pragma once
/*
 * A VT-d unit that a test plays, for test_vtd_*.c: registers, memory, and what the rest of
 * the kernel provides. It has bodies, because the code under test is built in the same file.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "iommu/vtd_access.h"
#include "kernel/print.h"
#include "kernel/time.h"
#include "kernel/watchdog.h"
#include "mm/frame.h"

/*
 * A unit by the manual, strict where QEMU is not: it wants one change a GCMD write, goes on by
 * itself when a queue error is cleared, and sees of memory only what was flushed if it does not
 * snoop. Everything it does is a word in a log.
 */
enum { WINDOW = 0x1000, FRAMES = 64, FRO = 0x22 };
static u8 register_file[WINDOW];
static struct {
	u64 cap, ecap, rtaddr, iqa, iqh, iqt;
	u32 gsts, fsts, fectl, iectl, pmen, top;
	bool absent, deaf, mute; /* all ones; GSTS never changes; no status write */
	u64 mappable;            /* bytes of the window that can be mapped; 0: all */
	bool no_snoop;
	bool one_by_one; /* fetches no descriptor before it is done with the last */
	u64 answers_in; /* ticks of now() that a device takes to answer; 0: it does not, and the unit says so at once */
	bool gives_up; /* the unit, when they are over */
	bool shut;     /* protected memory stays so */
	char log[512];
} hw;
static u8 memory[FRAMES][PAGE_SIZE] __attribute__((aligned(4096)));
static u8 unsnooped[FRAMES][PAGE_SIZE];
static bool taken[FRAMES];
static char last_timeout[256], last_note[512];
static unsigned timeouts;
static u16 watched; /* requester whose way is walked at every moment */
static u64 expected_root;
static unsigned expected_levels; /* of a second stage; 0: a first stage */
static bool forget_sees_nothing; /* caches are told to forget only what cannot be read again */

static void happened(const char *word)
{
	strncat(hw.log, word, sizeof hw.log - strlen(hw.log) - 1);
	strncat(hw.log, " ", sizeof hw.log - strlen(hw.log) - 1);
}

/* What the rest of the kernel provides. */
u64 tsc_per_ms = 1, tsc_per_us = 1;
static u64 ticks, answer_at; /* 0: no device is asked */
static void device_is_late(void);
u64 now(void)
{
	if (++ticks == answer_at)
		device_is_late();
	return ticks;
}
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
static unsigned frames_taken(void)
{
	unsigned n = 0;

	for (unsigned i = 0; i < FRAMES; i++)
		n += taken[i];
	return n;
}
void *device_map(struct pa base, u64 size)
{
	(void)base;
	return hw.mappable && size > hw.mappable ? NULL : register_file;
}

/* What the unit sees at an address. */
static const u64 *seen(u64 pa)
{
	u64 at = (u64)((u8 *)direct((struct pa){ pa }) - memory[0]);

	assert_true(at < sizeof memory);
	u8(*view)[PAGE_SIZE] = hw.no_snoop ? unsnooped : memory;

	return (const u64 *)&view[at / PAGE_SIZE][at % PAGE_SIZE];
}

static bool is_scalable(void) { return hw.ecap >> 43 & 1; }

/* By the legacy tables: 256 context entries of 16 bytes a bus. */
static bool walk_legacy(void)
{
	const u64 address = ~0xfffull;
	const u64 *w = seen((hw.rtaddr & address) + (watched >> 8) * 16u);

	assert_int_equal(w[1], 0);
	if (!(w[0] & 1))
		return false;
	w = seen((w[0] & address) + (watched & 0xff) * 16u);
	if (!(w[0] & 1))
		return false;
	assert_int_equal(w[0], expected_root | 1);
	assert_int_equal(w[1], 7 << 8 | (expected_levels - 2));
	return true;
}

/*
 * The whole way of the watched requester's PASID 0, as the unit would go it now: nothing, or all of
 * it.
 */
static bool walk_now(void)
{
	const u64 address = ~0xfffull;
	const u64 *w;

	if (!watched || !(hw.gsts & 1u << 30))
		return false;
	assert_int_equal(hw.rtaddr >> 10 & 3, is_scalable());
	if (!is_scalable())
		return walk_legacy();
	w = seen((hw.rtaddr & address) + (watched >> 8) * 16u + (watched >> 7 & 1) * 8u);
	if (!(w[0] & 1))
		return false;
	w = seen((w[0] & address) + (watched & 0x7f) * 32u);
	if (!(w[0] & 1))
		return false;
	assert_int_equal(w[1], 0);
	w = seen(w[0] & address);
	if (!(w[0] & 1))
		return false;
	w = seen(w[0] & address);
	if (!(w[0] & 1))
		return false;
	assert_int_equal(w[1], hw.no_snoop ? 7 : 7 | 1 << 23);
	assert_int_equal(w[0], expected_levels ? expected_root | 0x81 | (expected_levels - 2) << 2
					       : 0x49);
	assert_int_equal(w[2], expected_levels ? 0 : expected_root | 0x20);
	return true;
}

void clflush(const volatile void *p)
{
	u64 at = (u64)((const volatile u8 *)p - memory[0]) & ~63ull;

	assert_true(at < sizeof memory);
	memcpy(&unsnooped[at / PAGE_SIZE][at % PAGE_SIZE], &memory[at / PAGE_SIZE][at % PAGE_SIZE],
	       64);
	walk_now();
}

static void run_queue_from(bool silent)
{
	/* Descriptors of 256 bits, or of 128: IQA.DW, which only scalable mode has. */
	const unsigned bytes = hw.iqa & 1 << 11 ? 32 : 16;

	while (!answer_at && (hw.gsts & 1u << 26) && hw.iqh != hw.iqt &&
	       (silent || !(hw.fsts & 0x50))) {
		const u64 *d = (const u64 *)direct((struct pa){ (hw.iqa & ~0xfffull) + hw.iqh });
		unsigned type = d[0] & 15;
		char word[4] = { "?cidewpPDr"[type < 10 ? type : 0] };

		/* A device is silent: waits that were fetched behind are void, and nothing more is. */
		if (silent && type == 5) {
			hw.iqh = (hw.iqh + bytes) % PAGE_SIZE;
			continue;
		}
		happened(word);
		assert_int_equal(bytes, is_scalable() ? 32 : 16);
		assert_false(forget_sees_nothing && walk_now());
		if (type == 0 || type > 9) {
			hw.fsts |= 0x10; /* stops in front of it */
			return;
		}
		assert_true(is_scalable() || (type != 6 && type != 7 && type != 8));
		hw.iqh = (hw.iqh + bytes) % PAGE_SIZE;
		if (type == 3 && hw.answers_in) {
			answer_at = ticks + hw.answers_in;
		} else if (type == 3) {
			hw.fsts |= 0x40;
			silent = !hw.one_by_one;
		}
		if (type == 5 && !hw.mute)
			*(u32 *)direct((struct pa){ d[1] }) = (u32)(d[0] >> 32);
	}
}

static void run_queue(void) { run_queue_from(false); }

static void device_is_late(void)
{
	answer_at = 0;
	hw.fsts |= hw.gives_up ? 0x40 : 0;
	run_queue_from(hw.gives_up && !hw.one_by_one);
}

static void global_command(u32 v)
{
	static const struct {
		unsigned bit;
		const char *name;
	} bits[] = { { 31, "TE" },  { 30, "SRTP" }, { 28, "EAFL" },
		     { 27, "WBF" }, { 26, "QIE" },  { 25, "IRE" } };
	u32 kept = 1u << 31 | 1u << 28 | 1u << 26 | 1u << 25 | 1u << 23;
	u32 change = ((v ^ hw.gsts) & kept) | (v & ~kept);

	assert_int_equal(__builtin_popcount(change), 1);
	for (unsigned i = 0; i < ARRAY_SIZE(bits); i++)
		if (change & 1u << bits[i].bit) {
			char word[8];

			snprintf(word, sizeof word, "%s%c", bits[i].name, v & change ? '+' : '-');
			happened(word);
		}
	if (change == 1u << 26 && !(v & change))
		assert_int_equal(hw.iqh, hw.iqt); /* only an empty queue is switched off */
	if (!hw.deaf)
		hw.gsts = (hw.gsts & ~change) | (v & change & ~(1u << 27));
	if (change == 1u << 26)
		hw.iqh = 0;
	walk_now();
}

/* Registers, or memory. */
static bool is_register(const volatile void *p, unsigned *reg)
{
	const volatile u8 *b = p;

	*reg = (unsigned)(b - register_file);
	return b >= register_file && b < register_file + WINDOW;
}

u64 mmio_read64(const volatile void *p)
{
	unsigned reg;

	if (!is_register(p, &reg))
		return *(const volatile u64 *)p;
	if (hw.absent)
		return ~0ull;
	switch (reg) {
	case 0x08:
		return hw.cap;
	case 0x10:
		return hw.ecap;
	case 0x20:
		return hw.rtaddr;
	case 0x80:
		return hw.iqh;
	case 0x88:
		return hw.iqt;
	case 0x90:
		return hw.iqa;
	case 0xb0:
		return 0;
	case FRO * 16:
		return 0x5000;
	case FRO * 16 + 8:
		return (u64)hw.top << 32 | 0x20;
	default:
		fail_msg("64-bit read of 0x%x", reg);
	}
	return 0;
}

u32 mmio_read32(const volatile void *p)
{
	unsigned reg;

	if (!is_register(p, &reg))
		return *(const volatile u32 *)p;
	if (hw.absent)
		return ~0u;
	switch (reg) {
	case 0x00:
		return 0x60;
	case 0x1c:
		return hw.gsts;
	case 0x34:
		return hw.fsts | (hw.top >> 31) << 1;
	case 0x64:
		return hw.pmen | hw.pmen >> 31 | hw.shut;
	case FRO * 16 + 12:
		return hw.top;
	default:
		fail_msg("32-bit read of 0x%x", reg);
	}
	return 0;
}

void mmio_write64(volatile void *p, u64 v)
{
	unsigned reg;

	if (!is_register(p, &reg)) {
		*(volatile u64 *)p = v;
		walk_now();
		return;
	}
	switch (reg) {
	case 0x20:
		hw.rtaddr = v;
		return;
	case 0x88:
		hw.iqt = v;
		break;
	case 0x90:
		hw.iqa = v;
		return;
	default:
		fail_msg("64-bit write of 0x%x", reg);
	}
	run_queue();
}

void mmio_write32(volatile void *p, u32 v)
{
	unsigned reg;

	assert_true(is_register(p, &reg));
	switch (reg) {
	case 0x18:
		global_command(v);
		break;
	case 0x34:
		/* What is not set may be RsvdZ in this unit: nobody has AFO and APF, say. */
		assert_int_equal(v & ~hw.fsts, 0);
		hw.fsts &= ~(v & 0x7d);
		break;
	case 0x38:
		hw.fectl = v;
		break;
	case 0xa0:
		assert_true(hw.ecap & 2);
		hw.iectl = v;
		break;
	case 0x64:
		happened("PMEN");
		hw.pmen = v & 1u << 31;
		break;
	case 0x9c:
		assert_true(hw.ecap & 2);
		break;
	case FRO * 16 + 12:
		hw.top &= ~(v & 1u << 31);
		break;
	default:
		fail_msg("32-bit write of 0x%x", reg);
	}
	run_queue();
}
