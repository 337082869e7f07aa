#include "tests/tables.h"
#include "mm/frame.h"
#include "mm/kmap.h"
#include "tests/do.h"
#include "tests/words.h"

static struct pa t1, large;

void tables_prepare(struct va va)
{
	pt_entry(&kernel_tables, kernel_root, va, PG_4K);
	large = frame_alloc_order(FRAME_TEST, 9);
	t1 = kernel_tables.alloc(kernel_tables.ctx);
	if (kernel_tables.publish)
		kernel_tables.publish(kernel_tables.ctx, t1, PAGE_SIZE);
}

void tables_open(struct run *run)
{
	for (unsigned p = 0; p < PLACES; p++) {
		struct va va = { (u64)run->self[0].at[p] };

		run->pde[p] = direct(pt_entry(&kernel_tables, kernel_root, va, PG_2M));
	}
	run->table[T0] = pte_pa(*run->pde[A], PG_2M);
	run->table[T1] = t1;
	run->large = large;
	for (unsigned t = 0; t < TABLES; t++)
		for (unsigned p = 0; p < PLACES; p++) {
			unsigned i = pg_index((struct va){ (u64)run->self[0].at[p] }, PG_4K);

			run->leaf[t][p] = direct(pt_at(run->table[t], i));
		}
}

static void publish(volatile u64 *entry, u64 value)
{
	*entry = value;
	machine_publish(entry);
}

void tables_set_up(struct run *run)
{
	const struct scenario *s = run->scenario;

	for (unsigned t = 0; t < TABLES; t++)
		for (unsigned p = 0; p < (s->apart || s->entry ? B : PLACES); p++)
			publish(run->leaf[t][p], run_leaf(run, s->maps[p].frame, s->maps[p].rights,
							  s->maps[p].state));
	publish(run->pde[A], run_pde(run, s->large == STARTS_LARGE ? LARGE : T0));
	if (s->apart)
		publish(run->pde[B], 0);
}

struct pa tables_large_page(struct va va)
{
	return (struct pa){ large.v + pg_index(va, PG_4K) * PAGE_SIZE };
}

void tables_clear(struct run *run)
{
	for (unsigned t = 0; t < TABLES; t++)
		for (unsigned p = 0; p < PLACES; p++)
			publish(run->leaf[t][p], 0);
	publish(run->pde[A], pte_table(run->table[T0], true));
	if (run->scenario->apart)
		publish(run->pde[B], 0);
}

void tables_look_for_strays(struct run *run)
{
	for (unsigned t = 0; t < TABLES; t++)
		for (unsigned i = 0; i < PT_ENTRIES; i++) {
			const volatile u64 *entry = direct(pt_at(run->table[t], i));

			if (*entry)
				run_trouble(run,
					    "table %s holds %#lx in entry %u, where no step writes",
					    words_name(TABLE(t)), *entry, i);
		}
}
