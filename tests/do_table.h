#pragma once
#include "kernel/bits.h"
#include "mm/pte.h"
#include "tests/do_memory.h"

/* Steps on the entries and pages of page tables (tests/do.h). */

u8 pte_symbol(const struct run *run, u64 pte);
u64 run_pde(const struct run *run, u64 table);
u64 run_leaf(const struct run *run, u64 frame, u64 rights, unsigned state);
/* The same as an entry of this place: of the mirror in the format that devices' tables have. */
u64 run_entry(const struct run *run, u64 place, u64 frame, u64 rights, unsigned state);

/* An entry of the mirror that was absent: a unit in caching mode is told of that. */
bool mirror_made_present(struct self *self, u64 was);
static inline bool published(struct self *self, u64 place, u64 was)
{
	if (!self->run->scenario->unsnooped)
		machine_publish(self->pte[place]);
	return !self->run->scenario->mirror || place != MIRROR || mirror_made_present(self, was);
}
static inline u64 exchange(struct self *self, u64 place, u64 pte)
{
	/* Locked: a walker that sets A or D meanwhile must not bring the entry back (SDM 3A 4.10.2). */
	u64 old = __atomic_exchange_n(self->pte[place], pte, __ATOMIC_SEQ_CST);

	published(self, place, old);
	return old;
}
static inline bool do_pte_write_back(struct self *self, u64 place, u64 b, u64 c)
{
	(void)b, (void)c;
	machine_publish(self->pte[place]);
	return true;
}
static inline bool do_pte_read(struct self *self, u64 place, u64 to, u64 c)
{
	(void)c;
	return done(self, to, pte_symbol(self->run, *self->pte[place]));
}
static inline bool do_pte_same(struct self *self, u64 place, u64 observation, u64 to)
{
	u8 sees = pte_symbol(self->run, *self->pte[place]);

	return done(self, to, yes(sees == self->saw[observation]));
}
static inline bool do_pte_dirty(struct self *self, u64 place, u64 to, u64 c)
{
	u64 pte = *self->pte[place];

	(void)c;
	return done(self, to, yes(get(pte, PTE_P) && get(pte, PTE_D)));
}
static inline bool do_pte_accessed(struct self *self, u64 place, u64 to, u64 c)
{
	u64 pte = *self->pte[place];

	(void)c;
	return done(self, to, yes(get(pte, PTE_P) && get(pte, PTE_A)));
}
static inline bool do_pte_writable(struct self *self, u64 place, u64 to, u64 c)
{
	u64 pte = *self->pte[place];

	(void)c;
	return done(self, to, yes(get(pte, PTE_P) && get(pte, PTE_RW)));
}
static inline bool do_pte_clear(struct self *self, u64 place, u64 b, u64 c)
{
	(void)b, (void)c;
	exchange(self, place, 0);
	return true;
}
static inline bool do_pte_clear_dirty(struct self *self, u64 place, u64 to, u64 c)
{
	u64 pte = exchange(self, place, 0);

	(void)c;
	return done(self, to, yes(get(pte, PTE_P) && get(pte, PTE_D)));
}
static inline bool do_pte_set(struct self *self, u64 place, u64 frame, u64 rights)
{
	u64 was = *self->pte[place];

	*self->pte[place] = run_entry(self->run, place, frame, rights, LEAF_USED);
	return published(self, place, was);
}
static inline bool do_pte_fill(struct self *self, u64 place, u64 observation, u64 rights)
{
	unsigned f = named(self, observation);

	return f == FRAMES || do_pte_set(self, place, f, rights);
}
static inline bool do_pte_exchange(struct self *self, u64 place, u64 frame, u64 rights)
{
	exchange(self, place, run_entry(self->run, place, frame, rights, LEAF_USED));
	return true;
}
/* Where A and D would be it is 0, see pte_payload(). */
static inline u64 tag(u64 symbol) { return symbol << PAGE_SHIFT; }
static inline bool do_pte_tag(struct self *self, u64 place, u64 symbol, u64 c)
{
	(void)c;
	exchange(self, place, tag(symbol));
	return true;
}
bool pte_drop_bits(struct self *self, u64 place, u64 bits);
static inline bool do_pte_wrprotect(struct self *self, u64 place, u64 b, u64 c)
{
	(void)b, (void)c;
	return pte_drop_bits(self, place, mask(PTE_RW));
}
static inline bool do_pte_clean(struct self *self, u64 place, u64 b, u64 c)
{
	(void)b, (void)c;
	return pte_drop_bits(self, place, mask(PTE_D));
}
static inline bool do_pte_age(struct self *self, u64 place, u64 b, u64 c)
{
	(void)b, (void)c;
	return pte_drop_bits(self, place, mask(PTE_A));
}

/* Page-table pages. */
bool do_pde_read(struct self *self, u64 place, u64 to, u64 c);
bool do_pde_same(struct self *self, u64 place, u64 observation, u64 to);
bool do_pde_clear(struct self *self, u64 place, u64 b, u64 c);
bool do_pde_set(struct self *self, u64 place, u64 table, u64 c);
bool do_pde_exchange(struct self *self, u64 place, u64 table, u64 c);
bool do_table_read(struct self *self, u64 observation, u64 place, u64 to);
bool do_table_leaf(struct self *self, u64 table, u64 place, u64 frame);
bool do_table_reuse(struct self *self, u64 table, u64 b, u64 c);
bool do_table_touched(struct self *self, u64 table, u64 to, u64 c);
