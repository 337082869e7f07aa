/* Steps on page-table pages: the PDEs above the places, and the tables that it may point to. */
#include "tests/do.h"

static u8 pde_symbol(const struct run *run, u64 pde)
{
	if (!get(pde, PTE_P))
		return pte_payload(pde) ? OTHER : EMPTY;
	if (get(pde, PTE_PS))
		return TABLE(LARGE);
	for (unsigned t = 0; t < TABLES; t++)
		if (pte_pa(pde, PG_2M).v == run->table[t].v)
			return (u8)TABLE(t);
	return OTHER;
}

u64 run_pde(const struct run *run, u64 table)
{
	return table == LARGE ? pte_leaf(PG_2M, run->large,
					 PAGE_USER | PAGE_WRITE | PAGE_ACCESSED | PAGE_DIRTY)
			      : pte_table(run->table[table], true);
}

static void pde_swap(struct self *self, u64 place, u64 pde)
{
	__atomic_exchange_n(self->run->pde[place], pde, __ATOMIC_SEQ_CST);
	machine_publish(self->run->pde[place]);
}

bool do_pde_read(struct self *self, u64 place, u64 to, u64 c)
{
	(void)c;
	return done(self, to, pde_symbol(self->run, *self->run->pde[place]));
}

bool do_pde_same(struct self *self, u64 place, u64 observation, u64 to)
{
	u8 sees = pde_symbol(self->run, *self->run->pde[place]);

	return done(self, to, yes(sees == self->saw[observation]));
}

bool do_pde_clear(struct self *self, u64 place, u64 b, u64 c)
{
	(void)b, (void)c;
	pde_swap(self, place, 0);
	return true;
}

bool do_pde_exchange(struct self *self, u64 place, u64 table, u64 c)
{
	(void)c;
	pde_swap(self, place, run_pde(self->run, table));
	return true;
}

bool do_pde_set(struct self *self, u64 place, u64 table, u64 c)
{
	(void)c;
	*self->run->pde[place] = run_pde(self->run, table);
	machine_publish(self->run->pde[place]);
	return true;
}

bool do_table_read(struct self *self, u64 observation, u64 place, u64 to)
{
	unsigned table = self->saw[observation] - (unsigned)TABLES_FROM;

	return table >= TABLES ||
	       done(self, to, pte_symbol(self->run, *self->run->leaf[table][place]));
}

static void leaf_store(struct self *self, u64 table, u64 place, u64 frame, unsigned state)
{
	volatile u64 *leaf = self->run->leaf[table][place];

	*leaf = run_leaf(self->run, frame, RW, state);
	machine_publish(leaf);
}

bool do_table_leaf(struct self *self, u64 table, u64 place, u64 frame)
{
	leaf_store(self, table, place, frame, LEAF_USED);
	return true;
}

/* Who could be looking: a walker that still has this table, where its own leaves were. */
bool do_table_reuse(struct self *self, u64 table, u64 b, u64 c)
{
	(void)b, (void)c;
	for (unsigned p = 0; p < PLACES; p++)
		leaf_store(self, table, p, Q1, LEAF_FRESH);
	return true;
}

bool do_table_touched(struct self *self, u64 table, u64 to, u64 c)
{
	u64 marks = 0;

	(void)c;
	for (unsigned p = 0; p < PLACES; p++)
		marks |= *self->run->leaf[table][p] & (mask(PTE_A) | mask(PTE_D));
	return done(self, to, yes(marks));
}
