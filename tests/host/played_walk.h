#pragma once
/* A VT-d unit that a test plays: what it is, what it remembers, and what it finds in memory. For tests/host/played_vtd.h. */
#include "tests/host/played_kernel.h"

/*
 * A unit by the manual, strict where QEMU is not: it wants one change a GCMD write, goes on by
 * itself when a queue error is cleared, and sees of memory only what was flushed if it does not
 * snoop. Everything it does is a word in a log.
 */
enum { WINDOW = 0x1000, FRO = 0x22 };
static struct {
	u64 cap, ecap, rtaddr, iqa, iqh, iqt, irta;
	u32 gsts, fsts, fectl, iectl, pmen, top;
	bool absent, deaf, mute; /* all ones; GSTS never changes; no status write */
	u64 mappable;            /* bytes of the window that can be mapped; 0: all */
	bool no_snoop;
	bool one_by_one; /* fetches no descriptor before it is done with the last */
	u64 answers_in; /* ticks of now() that a device takes to answer; 0: it does not, and the unit says so at once */
	bool gives_up; /* the unit, when they are over */
	u64 pages_take; /* ticks of now() of a page-selective invalidation, while it fetches on; 0: all in turn */
	bool shut; /* protected memory stays so */
	char log[512];
} hw;
static u16 watched; /* requester whose way is walked at every moment */
static u64 expected_root;
static unsigned expected_levels; /* of a second stage; 0: a first stage */
static bool forget_sees_nothing; /* caches are told to forget only what cannot be read again */

static void happened(const char *word)
{
	strncat(hw.log, word, sizeof hw.log - strlen(hw.log) - 1);
	strncat(hw.log, " ", sizeof hw.log - strlen(hw.log) - 1);
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
