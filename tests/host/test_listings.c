/* One listing, three readers: the data, the code that executes one step and the code that runs straight agree. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/model/state.h"
#include "tests/scenario.h"

#define NAME(name, to, kind)  #name,
#define TO_OF(name, to, kind) to,
static const char *const op_names[] = { OPS(NAME) };
static const u8 op_tos[] = { OPS(TO_OF) };
static const char *const agent_names[AGENTS] = { "C0", "C1", "C2", "C3", "E", "E2" };

/* What the code is expected to ask for, one after the other. */
enum { ASKED_MAX = 4 * STEPS_MAX, NEVER = ASKED_MAX };
static struct asked {
	enum { GUARD, BEGIN, DO } what;
	struct step st;
	bool holds; /* GUARD */
} expected[ASKED_MAX];
static unsigned count, asked, blocks_at;
static struct self *const somebody = (struct self *)&count;

static const struct asked *next(const struct self *self)
{
	assert_ptr_equal(self, somebody);
	assert_true(asked < count);
	return &expected[asked++];
}

bool step_record(struct self *self, u8 no, unsigned op, u64 a, u64 b, u64 c)
{
	const struct asked *x = next(self);

	if (op == OP_COUNT) {
		assert_int_equal(x->what, BEGIN);
		assert_int_equal(no, x->st.no);
	} else {
		assert_int_equal(x->what, DO);
		assert_int_equal(op, x->st.op);
		assert_true(a == x->st.a && b == x->st.b && c == x->st.c);
	}
	return asked - 1 != blocks_at;
}

u8 saw_before(struct self *self, unsigned observation)
{
	const struct asked *x = next(self);

	assert_int_equal(x->what, GUARD);
	assert_int_equal(observation, x->st.if_saw);
	return (u8)(x->st.is + !x->holds);
}

static void expect(const struct step *st, bool holds, bool straight)
{
	if (st->if_saw)
		expected[count++] = (struct asked){ GUARD, *st, holds };
	if (st->if_saw && !holds)
		return;
	if (straight)
		expected[count++] = (struct asked){ BEGIN, *st, false };
	expected[count++] = (struct asked){ DO, *st, false };
}

/* Which of the guards hold: a set, by the index of their steps. */
static void runs_straight(const struct agent *a, u32 hold)
{
	count = 0;
	for (unsigned i = 0; i < a->count; i++)
		expect(&a->steps[i], hold & 1u << i, true);
	asked = 0;
	blocks_at = NEVER;
	assert_true(a->race(somebody));
	assert_int_equal(asked, count);
	/* Where it would block it ends. */
	for (blocks_at = 0; blocks_at < count; blocks_at++) {
		if (expected[blocks_at].what == GUARD)
			continue;
		asked = 0;
		assert_false(a->race(somebody));
		assert_int_equal(asked, blocks_at + 1);
	}
}

static void executes_one(const struct agent *a, const struct step *st, bool holds)
{
	bool happens = !st->if_saw || holds;

	count = asked = 0;
	expect(st, holds, false);
	blocks_at = NEVER;
	assert_true(a->take(somebody, st->no));
	assert_int_equal(asked, count);
	/* What does not happen does not block. */
	asked = 0;
	blocks_at = count - 1;
	assert_int_equal(a->take(somebody, st->no), !happens);
	assert_int_equal(asked, count);
}

static void executes_no_other(const struct agent *a)
{
	count = asked = 0;
	for (unsigned no = 0; no < 256; no++) {
		bool there = false;

		for (unsigned i = 0; i < a->count; i++)
			there |= a->steps[i].no == no;
		assert_true(there || !a->take(somebody, (u8)no));
	}
}

static void agree(const struct agent *a)
{
	runs_straight(a, ~0u);
	runs_straight(a, 0);
	for (unsigned i = 0; i < a->count; i++) {
		runs_straight(a, 1u << i);
		runs_straight(a, ~(1u << i));
		executes_one(a, &a->steps[i], true);
		executes_one(a, &a->steps[i], false);
	}
	executes_no_other(a);
}

/* What a report prints and the model reads: names, and as many arguments as the operation has. */
static void reads_well(const struct agent *a)
{
	for (unsigned i = 0; i < a->count; i++) {
		const struct step *st = &a->steps[i];

		assert_non_null(op_info(st->op)->arguments);
		size_t words = st->args[0] != 0, takes = strlen(op_info(st->op)->arguments);

		for (const char *p = st->args; *p; p++)
			words += *p == ',';
		assert_string_equal(step_name(st), op_names[st->op]);
		assert_int_equal(st->to, op_tos[st->op]);
		/* The last may be missing if it is where to put what was seen. */
		assert_in_range(words, st->to ? takes - 1 : takes, takes);
	}
}

static void of_every_scenario(void **state)
{
	(void)state;
	for (const struct scenario_ref *r = __start_scenarios; r != __stop_scenarios; r++)
		for (unsigned i = 0; i < 2 * AGENTS; i++) {
			const struct scenario *s = r->scenario;
			const struct agent *a = i < AGENTS ? &s->agents[i] : &s->warm[i - AGENTS];

			if (!a->count) {
				assert_true(!a->steps && !a->take && !a->race && !a->name);
				continue;
			}
			assert_string_equal(a->name, agent_names[i % AGENTS]);
			reads_well(a);
			agree(a);
		}
}

/* Every operation, its arguments all different; each a second time with a guard, if that fits. */
#define ACCESS_STEPS(step)                                                  \
	step(1, load, 1, 2)                                                 \
	step(2, load_mark, 1, 3)                                            \
	step(3, store, 1, 4, 5)                                             \
	step(4, fence)                                                      \
	step(5, copy, 2, 3)                                                 \
	step(6, compare, 3, 2, 1)                                           \
	step(7, peek, 4, 1)                                                 \
	step(8, reuse, 5)                                                   \
	step(9, alloc, 6, 7)                                                \
	step(10, store_seen, 7, 8)                                          \
	step(11, get, 8)                                                    \
	step(12, put, 9, 10)                                                \
	step(13, try_get, 10, 11)                                           \
	step(14, put_seen, 11, 12)                                          \
	step                                                                \
	##_if(15, 5, 6, load, 7, 8) step                                    \
	##_if(16, 4, 7, fence) step                                         \
	##_if(17, 3, 8, compare, 9, 10, 11) step(18, store_once, 9, 10, 11) \
	step(19, ref_wait, 10, 11)                                          \
	step(20, fetch, 11, 12)
#define PTE_STEPS(step)                 \
	step(1, pte_read, 1, 2)         \
	step(2, pte_same, 2, 3, 4)      \
	step(3, pte_dirty, 3, 4)        \
	step(4, pte_accessed, 4, 5)     \
	step(5, pte_clear, 5)           \
	step(6, pte_clear_dirty, 6, 7)  \
	step(7, pte_set, 7, 8, 9)       \
	step(8, pte_exchange, 8, 9, 10) \
	step(9, pte_tag, 9, 10)         \
	step(10, pte_wrprotect, 10)     \
	step(11, pte_clean, 11)         \
	step(12, pte_age, 12)           \
	step(13, invlpg, 13)            \
	step(14, cr3_load)              \
	step(15, flush_all)             \
	step(16, cpu_flush, 14)         \
	step(17, ipi, 15)               \
	step(18, ipi_wait)              \
	step(19, broadcast, 16)         \
	step(20, cli)                   \
	step(21, sti)                   \
	step                            \
	##_if(22, 1, 2, pte_set, 3, 4, 5) step(23, pte_fill, 17, 1, 2)
#define DEVICE_STEPS(step)             \
	step(1, iommu_queue, 1)        \
	step(2, iommu_wait)            \
	step(3, iommu_flush, 2)        \
	step(4, pasid_queue)           \
	step(5, dtlb_queue, 3)         \
	step(6, dma_read, 4, 5)        \
	step(7, dma_read_mark, 5, 6)   \
	step(8, dma_write, 6, 7, 8)    \
	step(9, ats_request, 7, 8)     \
	step(10, ats_read, 8, 9)       \
	step(11, ats_write, 9, 10, 11) \
	step(12, page_request, 10)     \
	step(13, page_response, 11, 1) \
	step(14, page_wait, 12, 3)     \
	step(15, ats_ask, 13)          \
	step(16, ats_post, 14, 15, 16) \
	step(17, ats_land)             \
	step(18, ats_request_write, 13, 4)
#define SOFTWARE_STEPS(step)           \
	step(1, lock, 1)               \
	step(2, unlock, 2)             \
	step(3, tell, 3)               \
	step(4, heed, 4)               \
	step(5, word_set, 5, 6)        \
	step(6, word_add, 6, MINUS_1)  \
	step(7, word_read, 7, 8)       \
	step(8, word_wait, 8, 9)       \
	step(9, rcu_start)             \
	step(10, word_same, 9, 10, 11) \
	step(11, rcu_wait)             \
	step(12, pte_writable, 6, 7)   \
	step(16, fault_code, 12, 13)   \
	step(13, leave_mm)             \
	step(14, space_load, 10, 11)   \
	step(15, invpcid, 11, 12)
#define TABLE_STEPS(step)                  \
	step(1, pde_read, 1, 2)            \
	step(2, pde_same, 2, 3, 4)         \
	step(3, pde_clear, 3)              \
	step(4, pde_set, 4, 5)             \
	step(5, pde_exchange, 5, 6)        \
	step(6, table_read, 6, 7, 8)       \
	step(7, table_leaf, 7, 8, 9)       \
	step(8, table_reuse, 8)            \
	step(9, table_touched, 9, 10)      \
	step(10, iommu_queue_leaf, 10)     \
	step(11, iommu_select, 11, 12)     \
	step(12, iommu_queue_block, 12, 9) \
	step(13, iommu_queue_no_drain, 13) \
	step(14, dtlb_queue_block, 11, 8)
#define ENTRY_STEPS(step)             \
	step(1, entry_clear)          \
	step(2, entry_wipe)           \
	step(3, entry_root, 1)        \
	step(4, entry_domain, 2)      \
	step(5, entry_set)            \
	step(6, context_clear)        \
	step(7, context_set)          \
	step(8, context_queue)        \
	step(9, queue_refused, 1)     \
	step(10, iommu_wait_badly, 1) \
	step(11, pte_write_back, 2)
LISTING(ENTRY)
LISTING(TABLE)
LISTING(ACCESS)
LISTING(PTE)
LISTING(DEVICE)
LISTING(SOFTWARE)

static void of_every_operation(void **state)
{
	static const struct agent all[] = { RUNS(0, ACCESS),   RUNS(1, PTE),   RUNS(2, DEVICE),
					    RUNS(3, SOFTWARE), RUNS(4, TABLE), RUNS(5, ENTRY) };
	bool seen[OP_COUNT] = { false };

	(void)state;
	for (unsigned a = 0; a < ARRAY_SIZE(all); a++) {
		agree(&all[a]);
		for (unsigned i = 0; i < all[a].count; i++)
			seen[all[a].steps[i].op] = true;
	}
	for (unsigned op = 0; op < OP_COUNT; op++)
		if (!seen[op])
			fail_msg("%s is in no listing here", op_names[op]);
}

/* The data against what is written, once by hand. */
static void as_it_is_written(void **state)
{
	static const struct step row[] = {
		{ 3, OP_store, 3, 0, 0, 1, 4, 5, "1, 4, 5" },
		{ 4, OP_fence, 0, 0, 0, 0, 0, 0, "" },
		{ 5, OP_copy, 0, 0, 0, 2, 3, 0, "2, 3" },
		{ 15, OP_load, 2, 5, 6, 7, 8, 0, "7, 8" },
		{ 16, OP_fence, 0, 4, 7, 0, 0, 0, "" },
	};

	static const char *const name[] = { "store", "fence", "copy", "load", "fence" };

	(void)state;
	assert_int_equal(ARRAY_SIZE(ACCESS_steps), 20);
	for (unsigned i = 0; i < ARRAY_SIZE(row); i++) {
		const struct step *st = &ACCESS_steps[row[i].no - 1];

		assert_true(st->no == row[i].no && st->op == row[i].op && st->to == row[i].to);
		assert_true(st->if_saw == row[i].if_saw && st->is == row[i].is);
		assert_true(st->a == row[i].a && st->b == row[i].b && st->c == row[i].c);
		assert_string_equal(step_name(st), name[i]);
		assert_string_equal(st->args, row[i].args);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_every_scenario),
		cmocka_unit_test(of_every_operation),
		cmocka_unit_test(as_it_is_written),
	};

	return cmocka_run_group_tests_name("listings", tests, NULL, NULL);
}
