#pragma once
#include "mm/pte.h"
#include "tests/machine.h"
#include "tests/unit/case.h"
#include "tests/unit/rows.h"
#include "tests/unit/seen.h"

/*
 * One engine with page tables of its own, below its own PASID entry, for a case to change at every level. Its rings stay where
 * they are in the CPUs' tables. Boot CPU.
 */

extern const char *const unit_entry_name[UNIT_ENTRIES];

/* "2 MiB" */
const char *unit_size(enum pg_level level);

/* From UNIT_VA on, of which the first is mapped, to the old frame. */
enum { UNIT_TABLES = 16 };

struct unit_world {
	struct dma_engine *engine;
	struct vtd_unit *unit;
	u16 sid;
	bool second; /* stage */
	u32 pasid;   /* of its requests, as the unit has it */
	u16 did;
	u64 *entry[UNIT_ENTRIES];
	struct pa frame[2], own[2]; /* UNIT_OLD, UNIT_NEW; and as they were allocated */
	struct pa root;
	struct pa table[UNIT_TABLES]; /* that were given out */
	unsigned tables;
	struct {
		u64 *word, value;
	} was[64]; /* entries of the machine's own, as they must be again */
	unsigned changed;
};

/*
 * An address below 512 GiB, where engines have their rings too, by a leaf of 4 KiB or 2 MiB in tables of its own for that GiB; which must
 * not be that of the rings. The address, moved to where in a larger leaf `to` is.
 */
u64 unit_map_at(struct unit_world *w, enum pg_level level, struct pa to, struct va va);

/* This frame is the old one from now on, filled like it; the other comes back at unit_close(). */
void unit_take_frame(struct unit_world *w, struct pa frame);

/* Let there be memory in this page below 4 GiB, to be read like the old frame, until the end; false if no device lends its own. */
bool unit_lend(const struct unit_world *w, struct pa page);
void unit_lend_end(void);

/* An engine that can do `can`; UNIT_VA read once through its new tables. NULL, and r->error or missing, if not. */
struct unit_world *unit_open(struct unit_run *r, u32 can);
struct unit_world *unit_open_engine(struct unit_run *r, struct dma_engine *e);
/* All as it was, nothing cached. */
void unit_close(struct unit_world *w, struct unit_run *r);

/* A PASID entry leads to this root, by the world's stage. */
void unit_set_root(struct unit_world *w, u64 *pasid_entry, struct pa root);

/* A zeroed table, given back by unit_close(). */
struct pa unit_table(struct unit_world *w);

/* Store a word of an entry, visible to the unit; unit_close() stores what was there before. Nothing is invalidated. */
void unit_set(struct unit_world *w, u64 *word, u64 value);

/* The same of one field, and r->did. */
void unit_change(struct unit_world *w, struct unit_run *r, enum unit_entry entry, int field,
		 u64 value);

/* The same entry in a copy of its table, which is given back as others are. */
u64 *unit_in_copy(struct unit_world *w, u64 *entry, struct pa *table);

/* A value for an entry that leads UNIT_VA to the new frame, by copies of the tables below. */
u64 unit_new_below(struct unit_world *w, enum unit_entry entry);

/* The same for an entry above those, by copies of the tables that lead to them too. */
u64 unit_new_above(struct unit_world *w, enum unit_entry entry);

/* Leaf flags: a user page with A and D set, writable. */
u64 unit_leaf(enum pg_level level, struct pa pa);

/* Context cache, PASID cache and IOTLB forget everything; r->error if not. Fault records too. */
bool unit_forget(struct unit_world *w, struct unit_run *r);
/* These descriptors, to their end. */
bool unit_invalidate(struct unit_world *w, struct unit_run *r, const struct vtd_desc *d,
		     unsigned n);

/* Is a descriptor "refused" or "taken"? The queue is then as it was; r->error if it is not. */
const char *unit_offer(struct unit_world *w, struct unit_run *r, const struct vtd_desc *d);

/* After a refusal, with all as it should be: the engine reads the old frame, and that is forgotten; r->error if it cannot. */
bool unit_ready(struct unit_world *w, struct unit_run *r, u64 va);

/* The old frame by a leaf that is this large, in the place of a table; its address then. */
u64 unit_put_large(struct unit_world *w, enum pg_level level);

/* Why nobody knows what is at UNIT_HOLE, as the words after "needs"; or NULL. */
const char *unit_no_hole(void);

/* What keeps the stage from leaves of this size, as the words after "needs"; or NULL. */
const char *unit_lacks_pages(bool second, enum pg_level level);

/* One access of the engine at the first line of a page, or at a line of it; what came of it. */
struct unit_seen unit_access(struct unit_world *w, enum vtd_access access, u64 va);
