#pragma once
#include "tests/model/state.h"

/* What there is to touch, for struct touch: words of memory come first, enum word. */
enum thing {
	TLB = STATE_WORDS,                 /* + CPU * PLACES + place */
	IOTLB = TLB + CPU_AGENTS * PLACES, /* + place */
	DTLB = IOTLB + PLACES,             /* + device * PLACES + place */
	QUEUE = DTLB + DEVICES * PLACES,
	INTERRUPTS,                    /* + CPU: are they on? */
	PSC = INTERRUPTS + CPU_AGENTS, /* + CPU: what it remembers of upper levels */
	IPSC = PSC + CPU_AGENTS,
	PASID, /* what it remembers of the device's entries */
	THINGS
};
_Static_assert((unsigned)THINGS <= 64, "a set of things is a u64");

static inline u64 thing(u64 n) { return 1ull << n; }
static inline u64 things(u64 from, unsigned count) { return (thing(count) - 1) << from; }
static inline u64 own_tlb(unsigned c) { return things(TLB + c * PLACES, PLACES); }
static inline u64 every_pde(void) { return things(PDE, PLACES); }

/* What a walk for this place reads, and what all may. */
static inline u64 ptes(u64 place)
{
	u64 all = every_pde();

	for (unsigned table = 0; table < TABLES; table++)
		all |= thing(pte_word(table, place));
	return all;
}
static inline u64 every_pte(void) { return things(PTE, TABLES * PLACES) | every_pde(); }

/* What a device has on its way is of any place, and goes to any frame. */
static inline u64 lands(unsigned agent)
{
	return things(CONTENT, FRAMES) | things(DTLB + (agent - CPU_AGENTS) * PLACES, PLACES);
}
