#pragma once
#include "mm/pte.h"

/*
 * Page tables of 4 levels that CPUs and IOMMUs walk while they are changed. Pure: memory is reached
 * through struct pt_memory. Calls that change the same tables are serialised by the caller; walkers,
 * and stores of others to leaf entries, need nothing.
 *
 * Who could be looking: at any moment a walker reads any entry. Hence an entry is changed by one aligned 64-bit
 * store; a table is complete, and visible to walkers that do not snoop, before it is linked; an unlinked
 * table keeps its contents until the caller has made every walker and cache forget it.
 */
struct pt_memory {
	/* One aligned 64-bit access each. */
	u64 (*read)(void *ctx, struct pa entry);
	void (*write)(void *ctx, struct pa entry, u64 value);
	u64 (*xchg)(void *ctx, struct pa entry, u64 value);
	/* A zeroed frame for a table; never fails. And back. */
	struct pa (*alloc)(void *ctx);
	void (*free)(void *ctx, struct pa table);
	/* Make stores to these bytes visible to a walker that does not snoop caches; NULL if all snoop. */
	void (*publish)(void *ctx, struct pa pa, u64 bytes);
	void *ctx;
};

enum { PT_ENTRIES = 512 };

/* The address of an entry of a table. */
static inline struct pa pt_at(struct pa table, unsigned index)
{
	return (struct pa){ table.v + index * sizeof(u64) };
}

/* Where a walk ends: at a present leaf, or at an entry that is not present. */
struct pt_walk {
	struct pa entry; /* the entry's own address: scenarios poke it directly */
	u64 pte;         /* as it was read, once */
	enum pg_level level;
	bool present;
	u32 flags;    /* of a present leaf, with the rights of all levels (SDM 3A 4.6) */
	struct pa pa; /* of a present leaf: what the address translates to */
};
struct pt_walk pt_walk(const struct pt_memory *m, struct pa root, struct va va);

/*
 * The address of the entry of va at a level, tables down to it built where they are missing (U/S=1 in
 * the lower half of the address space). { 0 } if a larger leaf stands above.
 */
struct pa pt_entry(const struct pt_memory *m, struct pa root, struct va va, enum pg_level level);

/* One store, or exchange, to an entry that walkers may be reading. */
void pt_set(const struct pt_memory *m, struct pa entry, u64 pte);
u64 pt_exchange(const struct pt_memory *m, struct pa entry, u64 pte);

/*
 * Map size bytes with the largest leaves up to max. Parts that are mapped so already stay as they are.
 * False, with the rest unmapped, if something else is mapped there.
 */
bool pt_map(const struct pt_memory *m, struct pa root, struct va va, struct pa pa, u64 size,
	    u32 flags, enum pg_level max);

/*
 * Put a table of 512 smaller leaves, together the same as leaf, in the place of the entry at level. leaf is
 * what the entry holds (split while in use), or what was exchanged out of it and invalidated before
 * (break before make). Returns the entry's old value: in the first case it may have got A or D since,
 * which the smaller leaves then lack.
 */
u64 pt_split(const struct pt_memory *m, struct pa entry, enum pg_level level, u64 leaf);

/* Tables that nothing points to any more but where a walker, or a paging-structure cache, may still be. */
enum { PT_RETIRED_MAX = 16 };
struct pt_retired {
	unsigned count;
	struct {
		struct pa table;
		enum pg_level level; /* of its entries */
	} subtree[PT_RETIRED_MAX];
};

/*
 * Exchange an entry that points to a table (for a large leaf, or 0); the table and all below it go to the
 * list. False, and nothing done, if the list is full or the entry does not point to a table.
 */
bool pt_detach(const struct pt_memory *m, struct pa entry, enum pg_level level, u64 pte,
	       struct pt_retired *r);

/* Free them. Call it after every TLB, IOTLB and paging-structure cache was invalidated. */
void pt_drain(const struct pt_memory *m, struct pt_retired *r);

/* Visit every present leaf of root in address order; flags as in pt_walk. Stops when visit says false. */
bool pt_each_leaf(const struct pt_memory *m, struct pa root,
		  bool (*visit)(void *arg, struct va va, const struct pt_walk *leaf), void *arg);

/* Publish every table of root: before a walker that does not snoop sees them for the first time. */
void pt_publish(const struct pt_memory *m, struct pa root);
