/* Page-table pages and what caches remember of upper levels: the model against sets worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/host/golden.h"
#include "tests/scenario.h"

OBSERVE(R1, R2, R3)

/* A is P0 (O) and B is P1 (N), by T0. A stranger's words look like leaves of Q1 (S). */
#define TWO_PAGES .tables = true, .maps = { { P0, RW }, { P1, RW } }, .content = { O, N, [Q1] = S }

#define UNMAP_STEPS(step)        \
	step(1, pde_clear, A)    \
	step(2, cpu_flush, A)    \
	step(3, table_reuse, T0) \
	step(4, tell, C1)
#define HEED_LOAD_STEPS(step) \
	step(1, heed, C0)     \
	step(2, load, B, R1)
LISTING(UNMAP)
LISTING(HEED_LOAD)

/*
 * D09. An invalidation of any page makes a CPU forget the PDE; the leaf of another page, which it may have, stays. Without it,
 * B is walked through the remembered PDE in the stranger's page: S.
 */
static void a_table_that_a_cpu_remembers(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, UNMAP), RUNS(C1, HEED_LOAD) }, TWO_PAGES };

	(void)state;
	expect(RACING(&s), false, "fault,N");
	expect(LEFT_OUT(&s, C0, 2), false, "fault,N,S");
	expect(SWAP_OF(&s, C0, 1, 2), false, "fault,N,S");
	expect(QEMU(&s), false, "fault");
}

#define UNMAP_BOTH_STEPS(step)   \
	step(1, pde_clear, A)    \
	step(2, cpu_flush, A)    \
	step(3, cpu_flush, B)    \
	step(4, table_reuse, T0) \
	step(5, tell, C1)
#define TOUCH_STEPS(step)    \
	step(1, heed, C0)    \
	step(2, load, B, R1) \
	step(3, table_touched, T0, R2)
LISTING(UNMAP_BOTH)
LISTING(TOUCH)

/* The stranger's words stay his. Without a shootdown walks write A into them, also those that nobody asked for. */
static void accessed_in_a_strangers_page(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, UNMAP_BOTH), RUNS(C1, TOUCH) },
				    TWO_PAGES };
	const struct scenario *one = changed(&s, (struct change){ C0, 2, 0 });

	(void)state;
	expect(RACING(&s), false, "fault no");
	/* The other page's shootdown is enough for the table, and not for A's leaf, which nobody looks at here. */
	expect(RACING(one), false, "fault no");
	expect(LEFT_OUT(one, C0, 3), false, "fault no,fault yes,N no,N yes,S yes");
}

#define TAG_STEPS(step)           \
	step(1, pte_tag, A, SWAP) \
	step(2, table_touched, T0, R1)
LISTING(TAG)

/* Errata: A or D may be there, and software that avoids both reads what it wrote. An entry that is 0 is looked at by nobody. */
static void marks_in_an_absent_entry(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, TAG) },
				    .tables = true,
				    .maps = { { P0, RW } } };

	(void)state;
	expect(STEPPED(&s), false, "no,yes");
	expect(QEMU(&s), false, "no");
}

#define GUP_STEPS(step)                \
	step(1, cli)                   \
	step(2, pde_read, A, R1)       \
	step(3, table_read, R1, A, R2) \
	step(4, pde_same, A, R1, R3)   \
	step(5, sti)
#define BROADCAST_STEPS(step) \
	step(1, pde_clear, A) \
	step(2, broadcast, A) \
	step(3, table_reuse, T0)
#define RCU_STEPS(step)       \
	step(1, pde_clear, A) \
	step(2, rcu_start)    \
	step(3, rcu_wait)     \
	step(4, table_reuse, T0)
LISTING(GUP)
LISTING(BROADCAST)
LISTING(RCU)

/* A22. A lockless walker that has seen the table reads it while it is one, if its freeing waits for an IPI or a grace period. */
static void a_table_under_a_lockless_walker(void **state)
{
	const struct scenario ipi = { .agents = { RUNS(C0, UNMAP), RUNS(C1, GUP) }, TWO_PAGES };
	const struct scenario rcu = { .agents = { RUNS(C0, RCU), RUNS(C1, GUP) }, TWO_PAGES };
	const struct scenario bad = { .agents = { RUNS(C0, BROADCAST), RUNS(C1, GUP) }, TWO_PAGES };

	(void)state;
	expect(RACING(&ipi), false, "T0 P0 yes,T0 P0 no,empty yes");
	expect(RACING(&rcu), false, "T0 P0 yes,T0 P0 no,empty yes");
	/* The second look at the PDE sees it, after the stranger's word was read. */
	expect(RACING(&bad), false, "T0 P0 yes,T0 P0 no,T0 Q1 no,empty yes");
}

#define DEVICE_STEPS(step) \
	step(1, heed, C0)  \
	step(2, dma_read, B, R1)
#define QUEUE_STEPS(step)        \
	step(1, pde_clear, A)    \
	step(2, iommu_queue, A)  \
	step(3, iommu_wait)      \
	step(4, table_reuse, T0) \
	step(5, tell, E)
#define LEAF_STEPS(step)             \
	step(1, pde_clear, A)        \
	step(2, iommu_queue_leaf, A) \
	step(3, iommu_wait)          \
	step(4, table_reuse, T0)     \
	step(5, tell, E)
LISTING(DEVICE)
LISTING(QUEUE)
LISTING(LEAF)

/* C05, case 2: what an invalidation that says "leaf" leaves behind. B's own leaf may be there either way. */
static void a_table_that_an_iommu_remembers(void **state)
{
	const struct scenario good = { .agents = { RUNS(C0, QUEUE), RUNS(E, DEVICE) }, TWO_PAGES };
	const struct scenario bad = { .agents = { RUNS(C0, LEAF), RUNS(E, DEVICE) }, TWO_PAGES };

	(void)state;
	expect(RACING(&good), false, "fault,N");
	expect(LEFT_OUT(&good, C0, 2), false, "fault,N,S");
	expect(RACING(&bad), false, "fault,N,S");
}

#define REPLACE_STEPS(step)           \
	step(1, pde_exchange, A, T1)  \
	step(2, iommu_queue_leaf, A)  \
	step(3, iommu_wait)           \
	step(4, table_leaf, T1, B, K) \
	step(5, iommu_queue_leaf, B)  \
	step(6, iommu_wait)           \
	step(7, tell, E)
#define REPLACE_GOOD_STEPS(step)      \
	step(1, pde_exchange, A, T1)  \
	step(2, iommu_flush, A)       \
	step(3, table_leaf, T1, B, K) \
	step(4, iommu_queue_leaf, B)  \
	step(5, iommu_wait)           \
	step(6, tell, E)
#define REPLACED .tables = true, .maps = { { P0, RW }, { P1, RW } }, .content = { O, N, [K] = Y }
LISTING(REPLACE)
LISTING(REPLACE_GOOD)

/* C05, case 3: the table is replaced by one with the same leaves, then a leaf of the new one changes. */
static void a_table_that_is_replaced(void **state)
{
	const struct scenario bad = { .agents = { RUNS(C0, REPLACE), RUNS(E, DEVICE) }, REPLACED };
	const struct scenario good = { .agents = { RUNS(C0, REPLACE_GOOD), RUNS(E, DEVICE) },
				       REPLACED };

	(void)state;
	expect(RACING(&bad), false, "N,Y");
	expect(RACING(&good), false, "Y");
}

#define EMPTIED_STEPS(step)   \
	step(1, pde_clear, A) \
	step(2, cr3_load)     \
	step(3, tell, C1)     \
	step(4, pte_clear, A) \
	step(5, load, A, R1)
#define FILLED_STEPS(step) \
	step(1, heed, C0)  \
	step(2, pde_exchange, A, T0)
LISTING(EMPTIED)
LISTING(FILLED)

/* Between the PDE's return and the leaf's end a TLB may load the leaf: neither change is another's business. */
static void an_upper_level_and_a_leaf(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, EMPTIED), RUNS(C1, FILLED) }, TWO_PAGES };

	(void)state;
	expect(RACING(&s), false, "fault,O");
}

#define PLAIN_STEPS(step) step(1, pde_clear, A)
LISTING(PLAIN)

static void only_where_there_are_tables(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, PLAIN) }, .maps = { { P0, RW } } };

	(void)state;
	assert_non_null(golden_wrong(&s));
}

#define SPLIT_STEPS(step)       \
	step(1, pde_set, A, T0) \
	step(2, invlpg, B)      \
	step(3, load, A, R1)
#define UNFLUSHED_STEPS(step)   \
	step(1, pde_set, A, T0) \
	step(2, load, A, R1)    \
	step(3, load, A, R2)
#define MERGE_STEPS(step)          \
	step(1, pde_set, A, LARGE) \
	step(2, invlpg, A)         \
	step(3, load, A, R1)       \
	step(4, load, B, R2)
#define REFUSED_STEPS(step)      \
	step(1, load, A)         \
	step(2, pde_set, A, T0)  \
	step(3, store, B, Y, R1) \
	step(4, load, A, R2)
LISTING(SPLIT)
LISTING(REFUSED)
LISTING(UNFLUSHED)
LISTING(MERGE)

/*
 * D08. The large page is Q0 (S) and Q1 (X), T0 has P0 (O) and P1 (N). Any address of a large page drops all of it; without
 * that either size may be used, in any order. Of small pages INVLPG drops one, and of a large one that is cached in pieces a fault does.
 */
static void a_large_page(void **state)
{
	const struct scenario split = { .agents = { RUNS(C0, SPLIT) },
					.tables = true,
					.large = STARTS_LARGE,
					.maps = { { P0, RW }, { P1, RW } },
					.content = { O, N, [Q0] = S, [Q1] = X } };
	const struct scenario bad = { .agents = { RUNS(C0, UNFLUSHED) },
				      .tables = true,
				      .large = STARTS_LARGE,
				      .maps = { { P0, RW }, { P1, RW } },
				      .content = { O, N, [Q0] = S, [Q1] = X } };
	const struct scenario merge = { .agents = { RUNS(C0, MERGE) },
					.tables = true,
					.large = LATER_LARGE,
					.maps = { { P0, RW }, { P1, RW } },
					.content = { O, N, [Q0] = S, [Q1] = X } };

	const struct scenario refused = { .agents = { RUNS(C0, REFUSED) },
					  .tables = true,
					  .large = STARTS_LARGE,
					  .maps = { { P0, RW }, { P1, RO } },
					  .content = { O, N, [Q0] = S, [Q1] = X } };

	(void)state;
	expect(RACING(&split), false, "O");
	expect(RACING(&refused), false, "landed O,landed S,fault O,fault S");
	expect(RACING(&bad), false, "O O,O S,S O,S S");
	expect(RACING(&merge), false, "S X,S N");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_that_a_cpu_remembers),
		cmocka_unit_test(accessed_in_a_strangers_page),
		cmocka_unit_test(marks_in_an_absent_entry),
		cmocka_unit_test(a_table_under_a_lockless_walker),
		cmocka_unit_test(a_table_that_an_iommu_remembers),
		cmocka_unit_test(a_table_that_is_replaced),
		cmocka_unit_test(an_upper_level_and_a_leaf),
		cmocka_unit_test(a_large_page),
		cmocka_unit_test(only_where_there_are_tables),
	};

	return cmocka_run_group_tests_name("model table", tests, golden_set_up, golden_tear_down);
}
