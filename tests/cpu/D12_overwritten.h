#pragma once
#include "tests/scenario.h"

/*
 * Software changes an entry while a walk sets A and D in it: what it writes back after it has read the entry loses what came in
 * between. D12 has a CPU that walks, C16 a device; `flush` is what that walker is told by, `writes` its access.
 */
OBSERVE(WROTE, LATE, WAS_DIRTY, DIRTY, ENTRY, MARKED)

/* Unmap, and drop the page if nobody wrote it. */
#define EXCHANGE(step, flush)              \
	step(1, pte_clear_dirty, A, DIRTY) \
	step(2, flush, A)                  \
	step(3, reuse, P0)
#define READ_AND_STORE(step, flush)  \
	step(1, pte_dirty, A, DIRTY) \
	step(2, pte_set, A, P0, 0)   \
	step(3, flush, A)            \
	step(4, reuse, P0)
#define WRITES_TWICE(step, writes)   \
	step(1, writes, A, X, WROTE) \
	step(2, writes, A, X, LATE)

/* Write-protect, and keep D. */
#define PROTECT(step, flush, writer) \
	step(1, pte_wrprotect, A)    \
	step(2, flush, A)            \
	step(3, pte_dirty, A, DIRTY) \
	step(4, tell, writer)
#define PROTECT_BY_STORE(step, flush, writer) \
	step(1, pte_dirty, A, WAS_DIRTY)      \
	step(2, pte_set, A, P0, RO)           \
	step(3, flush, A)                     \
	step(4, pte_dirty, A, DIRTY)          \
	step(5, tell, writer)
#define WRITES_LATE(step, writes)    \
	step(1, writes, A, X, WROTE) \
	step(2, heed, C0)            \
	step(3, writes, A, X, LATE)

LISTING(EXCHANGE)
LISTING(READ_AND_STORE)
LISTING(WRITES_TWICE)
LISTING(PROTECT)
LISTING(PROTECT_BY_STORE)
LISTING(WRITES_LATE)

CLAIM(dirt_lost, saw(WROTE) == LANDED && saw(DIRTY) == NO)
CLAIM(dirt_overwritten, saw(WROTE) == LANDED && saw(WAS_DIRTY) == NO && saw(DIRTY) == NO)
CLAIM(dirt_kept, saw(WROTE) == LANDED && saw(DIRTY) == YES)
CLAIM(clean_and_refused, saw(WROTE) == BLOCKED && saw(DIRTY) == NO)
CLAIM(freed_page_written, holds(P0) != S)
CLAIM(written_late, saw(LATE) != BLOCKED)

#define LATER "a write that comes later is refused, and marks nothing"

/* Who unmaps, and who protects; each by what keeps D, and by a store. */
#define EXCHANGED                                                                            \
	.name = "exchange", .forbid = { FORBID(dirt_lost), FORBID(freed_page_written) },     \
	.allow = { ALLOW(dirt_kept), ALLOW(clean_and_refused) },                             \
	.control = { WITHOUT(C0, 1, freed_page_written), WITHOUT(C0, 2, freed_page_written), \
		     SWAPPED(C0, 1, 2, freed_page_written),                                  \
		     SWAPPED(C0, 2, 3, freed_page_written) }
#define READ_AND_STORED                                                                         \
	.name = "read_and_store", .forbid = { FORBID(freed_page_written) },                     \
	.shows = SHOWS(dirt_lost),                                                              \
	.control = { WITHOUT(C0, 3, freed_page_written), SWAPPED(C0, 2, 3, freed_page_written), \
		     SWAPPED(C0, 3, 4, freed_page_written) }
#define PROTECTED(writer)                                                            \
	.name = "protect", .forbid = { FORBID(dirt_lost), FORBID(written_late) },    \
	.allow = { ALLOW(dirt_kept), ALLOW(clean_and_refused) },                     \
	.control = { WITHOUT(C0, 2, written_late), WITHOUT(writer, 2, written_late), \
		     SWAPPED(C0, 1, 2, written_late) },                              \
	.spare = { SPARE_SWAP(writer, 1, 2, LATER) }
#define PROTECTED_BY_STORE(writer)                                                   \
	.name = "protect_by_store", .forbid = { FORBID(written_late) },              \
	.shows = SHOWS(dirt_overwritten),                                            \
	.control = { WITHOUT(C0, 3, written_late), WITHOUT(writer, 2, written_late), \
		     SWAPPED(C0, 2, 3, written_late) }
