#pragma once
#include "tests/listing.h"

/*
 * A page-table entry as the model keeps it, a byte; and what a cache keeps of one. It has one right besides that to read: to
 * write, or to execute as a user; no scenario is about both (check.c). Who may execute needs no D. Pure.
 */
enum {
	PTE_FRAME = 7,
	PTE_WRITE = 8,
	PTE_ACCESSED = 16,
	PTE_DIRTY = 32,
	PTE_SPECIAL = 64,             /* with PTE_WRITE; */
	PTE_SUPERVISOR = PTE_SPECIAL, /* without it */
	PTE_PRESENT = 128,            /* else 0, or the symbol of a tag */
};
static inline bool is_special(u8 pte)
{
	return (pte & (PTE_PRESENT | PTE_SPECIAL | PTE_WRITE)) ==
	       (PTE_PRESENT | PTE_SPECIAL | PTE_WRITE);
}
static inline bool is_supervisor(u8 pte)
{
	return (pte & (PTE_PRESENT | PTE_SUPERVISOR | PTE_WRITE)) == (PTE_PRESENT | PTE_SUPERVISOR);
}

static inline u8 pte_make(u64 frame, u64 rights, unsigned state)
{
	if (!rights)
		return 0;
	return (u8)(PTE_PRESENT | frame | (may_write(rights) || rights == RX ? PTE_WRITE : 0) |
		    (rights == RW_SPECIAL ? PTE_SPECIAL : 0) |
		    (rights == SUPERVISOR ? PTE_SUPERVISOR : 0) |
		    (state != LEAF_FRESH ? PTE_ACCESSED : 0) |
		    ((may_write(rights) && state == LEAF_USED) || rights == RX ? PTE_DIRTY : 0));
}
static inline bool pte_is(u8 pte, u8 bits)
{
	return (pte & (PTE_PRESENT | bits)) == (PTE_PRESENT | bits);
}
/* What pte_read says of it. */
static inline u8 pte_symbol(u8 pte)
{
	if (is_special(pte))
		return SPECIAL;
	if (pte & PTE_PRESENT)
		return (u8)MARK(pte & PTE_FRAME);
	return pte ? pte : EMPTY;
}

/* A cached entry: frame, may it be written, and was D set when it was made. 0: none. */
enum { CACHED_READS, CACHED_CLEAN, CACHED_WRITES, CACHED_KINDS };
enum { ENTRIES = 1 + CACHED_KINDS * FRAMES };
/* In a set: it is cached that there was none. */
enum { ABSENCE = 1 };
static inline u8 entry_of(u8 pte)
{
	unsigned kind = !(pte & PTE_WRITE) ? CACHED_READS
			: pte & PTE_DIRTY  ? CACHED_WRITES
					   : CACHED_CLEAN;

	return pte & PTE_PRESENT ? (u8)(1 + CACHED_KINDS * (pte & PTE_FRAME) + kind) : 0;
}
static inline unsigned entry_frame(u8 e) { return (e - 1u) / CACHED_KINDS; }
static inline unsigned entry_kind(u8 e) { return (e - 1u) % CACHED_KINDS; }

/* What a large page maps a place to; and all entries that are of one, as no small page has these frames. */
static inline u8 large_pte(unsigned place) { return pte_make(place == A ? Q0 : Q1, RW, LEAF_USED); }

/* Sets of entries, of agents, of places. */
static inline u16 only(unsigned member) { return (u16)(1u << member); }
_Static_assert(ENTRIES <= 16, "a set of entries is a u16");
_Static_assert(FRAMES <= PTE_FRAME + 1, "frames in a PTE");

/* A walk's end: what it may cache (0: refused), and the PTE with A and D as it must be then. */
struct walk {
	u8 entry, pte, table; /* table: whose leaf it is */
};
static inline struct walk walk(u8 pte, bool write)
{
	if (!pte_is(pte, write ? PTE_WRITE : 0))
		return (struct walk){ .pte = pte };
	pte |= (u8)(PTE_ACCESSED | (write ? PTE_DIRTY : 0));
	return (struct walk){ .entry = entry_of(pte), .pte = pte };
}
