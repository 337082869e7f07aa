/* Accessed and dirty: the model against sets worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/host/golden.h"
#include "tests/scenario.h"

OBSERVE(R1, R2, R3)

/* A is P0, which holds O: as LEAF_USED, with D clear, and with A clear too. */
#define USED  .maps = { { P0, RW } }, .content = { O, N }
#define CLEAN .maps = { { P0, RW, LEAF_CLEAN } }, .content = { O, N }
#define FRESH .maps = { { P0, RW, LEAF_FRESH } }, .content = { O, N }

#define LOAD_STEPS(step)             \
	step(1, pte_accessed, A, R1) \
	step(2, load, A, R2)         \
	step(3, pte_accessed, A, R3)
#define DIRTY_STEPS(step)    \
	step(1, load, A, R1) \
	step(2, pte_dirty, A, R2)
LISTING(LOAD)
LISTING(DIRTY)

/* A load sets A, as before anything is cached; a walk that nobody asked for may have done so before. A load sets no D. */
static void a_load_sets_accessed(void **state)
{
	const struct scenario accessed = { .agents = { RUNS(C0, LOAD) }, FRESH };
	const struct scenario dirty = { .agents = { RUNS(C0, DIRTY) }, FRESH };

	(void)state;
	expect(RACING(&accessed), false, "no O yes,yes O yes");
	expect(QEMU(&accessed), false, "no O yes");
	expect(RACING(&dirty), false, "O no");
	expect(QEMU(&dirty), false, "O no");
}

#define AGED_STEPS(step)     \
	step(1, pte_age, A)  \
	step(2, load, A, R1) \
	step(3, pte_accessed, A, R2)
#define AGED_INVLPG_STEPS(step) \
	step(1, pte_age, A)     \
	step(2, invlpg, A)      \
	step(3, load, A, R1)    \
	step(4, pte_accessed, A, R2)
#define WARM_LOAD_STEPS(step) step(1, load, A)
LISTING(AGED)
LISTING(AGED_INVLPG)
LISTING(WARM_LOAD)

/* An entry that is cached serves and sets nothing. */
static void accessed_cleared_under_an_entry(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, AGED) },
				    .warm = { RUNS(C0, WARM_LOAD) },
				    USED };
	const struct scenario flushed = { .agents = { RUNS(C0, AGED_INVLPG) },
					  .warm = { RUNS(C0, WARM_LOAD) },
					  USED };

	(void)state;
	expect(RACING(&s), false, "O no,O yes");
	expect(QEMU(&s), false, "O no");
	expect(RACING(&flushed), false, "O yes");
	expect(QEMU(&flushed), false, "O yes");
}

#define STORE_STEPS(step)    \
	step(1, store, A, X) \
	step(2, pte_dirty, A, R1)
#define CLEAN_STORE_STEPS(step) \
	step(1, pte_clean, A)   \
	step(2, store, A, X)    \
	step(3, pte_dirty, A, R1)
#define CLEAN_FLUSH_STORE_STEPS(step) \
	step(1, pte_clean, A)         \
	step(2, cr3_load)             \
	step(3, store, A, X)          \
	step(4, pte_dirty, A, R1)
#define WARM_STORE_STEPS(step) step(1, store, A, Y)
LISTING(STORE)
LISTING(CLEAN_STORE)
LISTING(CLEAN_FLUSH_STORE)
LISTING(WARM_STORE)

/*
 * An entry made while D was 0 does not serve a store: it walks again and sets D. One made while D was 1 does, and
 * D, cleared meanwhile, stays so; unless the entry was dropped.
 */
static void a_store_sets_dirty(void **state)
{
	const struct scenario clean = { .agents = { RUNS(C0, STORE) },
					.warm = { RUNS(C0, WARM_LOAD) },
					CLEAN };
	const struct scenario stale = { .agents = { RUNS(C0, CLEAN_STORE) },
					.warm = { RUNS(C0, WARM_STORE) },
					USED };
	const struct scenario flushed = { .agents = { RUNS(C0, CLEAN_FLUSH_STORE) },
					  .warm = { RUNS(C0, WARM_STORE) },
					  USED };

	(void)state;
	expect(RACING(&clean), true, "yes X N nothing");
	expect(QEMU(&clean), true, "yes X N nothing");
	expect(RACING(&stale), true, "no X N nothing,yes X N nothing");
	expect(QEMU(&stale), true, "no X N nothing");
	expect(RACING(&flushed), true, "yes X N nothing");
	expect(QEMU(&flushed), true, "yes X N nothing");
}

#define WRITE_TELL_STEPS(step)       \
	step(1, dma_write, A, X, R1) \
	step(2, tell, C0)
#define HEED_DIRTY_STEPS(step) \
	step(1, heed, E)       \
	step(2, pte_dirty, A, R2)
#define WARM_READ_STEPS(step) step(1, dma_read, A)
LISTING(WRITE_TELL)
LISTING(HEED_DIRTY)
LISTING(WARM_READ)

/*
 * A device's write sets D, whatever is cached. QEMU's does so in a fresh entry only; with A set already it forgets D, and with an
 * entry cached by a read too.
 */
static void a_device_sets_dirty(void **state)
{
	const struct scenario cached = { .agents = { RUNS(C0, HEED_DIRTY), RUNS(E, WRITE_TELL) },
					 .warm = { RUNS(E, WARM_READ) },
					 CLEAN };
	const struct scenario clean = { .agents = { RUNS(C0, HEED_DIRTY), RUNS(E, WRITE_TELL) },
					CLEAN };
	const struct scenario fresh = { .agents = { RUNS(C0, HEED_DIRTY), RUNS(E, WRITE_TELL) },
					FRESH };

	(void)state;
	expect(RACING(&cached), false, "landed yes");
	expect(QEMU(&cached), false, "landed no");
	expect(RACING(&clean), false, "landed yes");
	expect(QEMU(&clean), false, "landed no");
	expect(RACING(&fresh), false, "landed yes");
	expect(QEMU(&fresh), false, "landed yes");
}

#define CLEAR_READ_STEPS(step)   \
	step(1, pte_clear, A)    \
	step(2, invlpg, A)       \
	step(3, heed, E)         \
	step(4, pte_read, A, R1) \
	step(5, load, A, R3)
#define READ_TELL_STEPS(step)    \
	step(1, dma_read, A, R2) \
	step(2, tell, C0)
LISTING(CLEAR_READ)
LISTING(READ_TELL)

/* C15: A is set in the entry that is there, or the walk begins again. QEMU stores what it had read: P0 is back, for CPUs too. */
static void an_entry_stays_cleared(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, CLEAR_READ), RUNS(E, READ_TELL) }, FRESH };
	struct model_query qemu = QEMU(&s);

	(void)state;
	expect(RACING(&s), false, "empty O fault,empty fault fault");
	expect(qemu, false, "empty O fault,empty fault fault");
	qemu.mode = MODEL_RACING;
	expect(qemu, false, "empty O fault,empty fault fault,P0 O O");
}

#define CLEAR_FLUSH_STEPS(step)  \
	step(1, pte_clear, A)    \
	step(2, iommu_flush, A)  \
	step(3, pte_read, A, R1) \
	step(4, heed, E)         \
	step(5, pte_read, A, R3)
#define EXCHANGE_STEPS(step) step(1, pte_exchange, A, P1, RW)
#define WRITE_STEPS(step)    step(1, dma_write, A, X, R1)
LISTING(CLEAR_FLUSH)
LISTING(EXCHANGE)
LISTING(WRITE)

/* QEMU's walks and its queue have one lock: after an invalidation nothing comes back. And an entry by a read serves a write. */
static void what_qemu_does_not_do_late(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, CLEAR_FLUSH), RUNS(E, READ_TELL) },
				    FRESH };
	const struct scenario stale = { .agents = { RUNS(C0, EXCHANGE), RUNS(E, WRITE) },
					.warm = { RUNS(E, WARM_READ) },
					CLEAN };
	struct model_query qemu = QEMU(&s);

	(void)state;
	qemu.mode = MODEL_RACING;
	expect(qemu, false, "empty O empty,empty fault empty,P0 O P0");
	qemu = ORDER(&stale, "0e");
	qemu.profile = &model_qemu_tcg;
	expect(qemu, true, "landed X N nothing");
}

#define PROTECT_STEPS(step)       \
	step(1, pte_wrprotect, A) \
	step(2, pte_dirty, A, R1) \
	step(3, heed, C1)         \
	step(4, pte_dirty, A, R2)
#define PROTECT_FLUSH_STEPS(step) \
	step(1, pte_wrprotect, A) \
	step(2, cpu_flush, A)     \
	step(3, pte_dirty, A, R1) \
	step(4, heed, C1)         \
	step(5, pte_dirty, A, R2)
#define STORE_TELL_STEPS(step)   \
	step(1, store, A, X, R3) \
	step(2, tell, C0)
LISTING(PROTECT)
LISTING(PROTECT_FLUSH)
LISTING(STORE_TELL)

/*
 * The store comes first (D is seen twice) or is refused (never). Or it has read W=1 when W is taken away, and sets D all
 * the same (SDM 3A 4.8), before C0 looks or after; not after a shootdown, for an interrupt does not come amid a store.
 */
static void dirty_and_read_only(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, PROTECT), RUNS(C1, STORE_TELL) }, CLEAN };
	const struct scenario flushed = {
		.agents = { RUNS(C0, PROTECT_FLUSH), RUNS(C1, STORE_TELL) }, CLEAN
	};

	(void)state;
	expect(RACING(&s), false, "yes yes landed,no no fault,no yes landed");
	expect(STEPPED(&s), false, "yes yes landed,no no fault");
	expect(RACING(&flushed), false, "yes yes landed,no no fault");
}

#define CLEAR_DIRTY_STEPS(step) step(1, pte_clear_dirty, A, R1)
#define READ_CLEAR_STEPS(step)    \
	step(1, pte_dirty, A, R1) \
	step(2, pte_clear, A)
#define ONE_STORE_STEPS(step) step(1, store, A, X, R2)
LISTING(CLEAR_DIRTY)
LISTING(READ_CLEAR)
LISTING(ONE_STORE)

/* D12: what is exchanged tells of every store that went through. Read before, D can be set in between. */
static void dirty_in_what_was_exchanged(void **state)
{
	const struct scenario good = { .agents = { RUNS(C0, CLEAR_DIRTY), RUNS(C1, ONE_STORE) },
				       CLEAN };
	const struct scenario bad = { .agents = { RUNS(C0, READ_CLEAR), RUNS(C1, ONE_STORE) },
				      CLEAN };

	(void)state;
	expect(RACING(&good), false, "yes landed,no fault");
	expect(RACING(&bad), false, "yes landed,no landed,no fault");
}

#define RIGHTS_STEPS(step)           \
	step(1, pte_writable, A, R1) \
	step(2, pte_wrprotect, A)    \
	step(3, pte_writable, A, R2) \
	step(4, pte_tag, A, SWAP)    \
	step(5, pte_writable, A, R3)
LISTING(RIGHTS)

/* Of what is not present no right is seen, whatever its other bits are. */
static void writable_if_present(void **state)
{
	const struct scenario used = { .agents = { RUNS(C0, RIGHTS) }, USED };
	const struct scenario fresh = { .agents = { RUNS(C0, RIGHTS) }, FRESH };

	(void)state;
	expect(RACING(&used), false, "yes no no");
	expect(RACING(&fresh), false, "yes no no");
}

#define ACCESS_STEPS(step)           \
	step(1, dma_read, A, R1)     \
	step(2, dma_write, A, X, R2) \
	step(3, tell, C0)
#define MARKED_STEPS(step) \
	step(1, heed, E)   \
	step(2, pte_dirty, A, R3)
LISTING(ACCESS)
LISTING(MARKED)

/* A second stage translates by an entry with A and D clear, caches it, and leaves it as it is. */
static void by_a_second_stage(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, MARKED), RUNS(E, ACCESS) },
				    .maps = { [A] = { P0, RW, LEAF_FRESH } },
				    .content = { [P0] = O } };
	struct model_query q = RACING(&s);

	(void)state;
	expect(q, false, "O landed yes");
	q.second_stage = true;
	expect(q, false, "O landed no");
	q.profile = &model_qemu_tcg;
	expect(q, false, "O landed no");
}

#define CLEAR_STEPS(step)     \
	step(1, pte_clear, A) \
	step(2, tell, E)
#define LATE_STEPS(step)  \
	step(1, heed, C0) \
	step(2, dma_write, A, X, R1)
LISTING(CLEAR)
LISTING(LATE)

/* It loads such an entry by itself too, and needs no walk to write by it. */
static void what_a_second_stage_keeps(void **state)
{
	const struct scenario s = { .agents = { RUNS(C0, CLEAR), RUNS(E, LATE) },
				    .maps = { [A] = { P0, RW, LEAF_FRESH } },
				    .content = { [P0] = O } };
	struct model_query q = RACING(&s);

	(void)state;
	expect(q, false, "fault");
	q.second_stage = true;
	expect(q, false, "fault,landed");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_a_second_stage),
		cmocka_unit_test(what_a_second_stage_keeps),
		cmocka_unit_test(a_load_sets_accessed),
		cmocka_unit_test(accessed_cleared_under_an_entry),
		cmocka_unit_test(a_store_sets_dirty),
		cmocka_unit_test(a_device_sets_dirty),
		cmocka_unit_test(an_entry_stays_cleared),
		cmocka_unit_test(what_qemu_does_not_do_late),
		cmocka_unit_test(dirty_and_read_only),
		cmocka_unit_test(dirty_in_what_was_exchanged),
		cmocka_unit_test(writable_if_present),
	};

	return cmocka_run_group_tests_name("model marks", tests, golden_set_up, golden_tear_down);
}
