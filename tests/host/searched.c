#include "tests/host/searched.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/deviations.h"
#include "tests/host/chance.h"
#include "tests/model/state.h"
#include "tests/orders.h"
#include "tests/words.h"

enum { BIG = 8 << 20, SMALL = 512 << 10, SET = 2048, ORDERS_COMPARED = 500 };
static struct model_memory large, small; /* not all fits where each load is a transition */

struct set {
	unsigned count;
	bool complete, stuck;
	struct {
		u8 saw[OBSERVATIONS], holds[FRAMES];
	} outcome[SET];
};
static struct set one, other;

static bool has(const struct set *set, const u8 *saw, const u8 *holds)
{
	for (unsigned i = 0; i < set->count; i++)
		if (!memcmp(set->outcome[i].saw, saw, OBSERVATIONS) &&
		    !memcmp(set->outcome[i].holds, holds, FRAMES))
			return true;
	return false;
}

static bool add(void *arg, const struct outcome *seen)
{
	struct set *set = arg;

	if (has(set, seen->saw, seen->holds))
		return true;
	assert_true(set->count < SET);
	memcpy(set->outcome[set->count].saw, seen->saw, sizeof seen->saw);
	memcpy(set->outcome[set->count++].holds, seen->holds, sizeof seen->holds);
	return true;
}

static void run(struct set *set, const struct model_query *q)
{
	set->count = 0;
	struct model_result r = model_run(q, q->search & SPELL_LOADS ? &small : &large, add, set);
	assert_true(!r.wrong && r.outcomes == set->count);
	set->complete = r.complete;
	set->stuck = r.stuck;
}

static unsigned orders;
static int run_order(void *arg, const char *order)
{
	struct model_query q = *(const struct model_query *)arg;

	q.order = order;
	struct model_result r = model_run(&q, &large, add, &one);
	assert_true(r.complete);
	if (!r.outcomes)
		return r.reached;
	return ++orders < ORDERS_COMPARED ? ORDER_RAN : ORDERS_STOP;
}

/* Which listing, and one of its outcomes. */
static void draw(const struct scenario *s, const u8 *saw, const u8 *holds)
{
	draw_scenario(s);
	printf("#");
	for (unsigned o = 1; o < OBSERVATIONS; o++)
		printf(" %s", words_name(saw[o]));
	printf(" P0:%s P1:%s\n", words_name(holds[P0]), words_name(holds[P1]));
}

/* What the query found last is all in the other set. */
static void expect_in(const struct set *all, const struct set *some, const struct model_query *q)
{
	for (unsigned i = 0; i < some->count; i++)
		if (!has(all, some->outcome[i].saw, some->outcome[i].holds)) {
			draw(q->scenario, some->outcome[i].saw, some->outcome[i].holds);
			fail_msg("%s mode %d search %d", q->profile->name, q->mode, q->search);
		}
}

/* What QEMU does is allowed, or a known deviation. */
static void expect_allowed(const struct set *allowed, const struct set *some,
			   const struct model_query *q)
{
	for (unsigned i = 0; i < some->count; i++) {
		struct outcome seen = { 0 };

		memcpy(seen.saw, some->outcome[i].saw, sizeof seen.saw);
		memcpy(seen.holds, some->outcome[i].holds, sizeof seen.holds);
		if (has(allowed, seen.saw, seen.holds) ||
		    deviation_of(&deviations_modelled, q->scenario, DEVIATES_STEPPED, &seen))
			continue;
		draw(q->scenario, seen.saw, seen.holds);
		fail_msg("%s does what is neither allowed nor listed", q->profile->name);
	}
}

static const struct model_profile *const profiles[] = { &model_arch, &model_qemu_tcg };
const u8 spelled[SPELLED] = { SPELL_LOADS, SPELL_STORES, SPELL_WAITS,
			      SPELL_WALKS, SPELL_ORDERS, SEARCH_ALL };
struct searched searched;

void short_cuts(const struct scenario *s, u8 spell)
{
	for (unsigned p = 0; p < ARRAY_SIZE(profiles); p++)
		for (enum model_mode mode = MODEL_STEPPED; mode <= MODEL_RACING; mode++) {
			struct model_query q = { .scenario = s,
						 .mode = mode,
						 .profile = profiles[p] };

			run(&one, &q);
			assert_true(one.complete);
			q.search = spell;
			run(&other, &q);
			if (!other.complete) {
				assert_true(spell & SPELL_LOADS);
				searched.too_large++;
				continue;
			}
			searched.compared++;
			if (one.stuck != other.stuck) {
				draw(s, one.outcome[0].saw, one.outcome[0].holds);
				fail_msg("%s mode %d search %d: stuck %d, without short cuts %d",
					 profiles[p]->name, mode, spell, one.stuck, other.stuck);
			}
			expect_in(&one, &other, &q);
			expect_in(&other, &one, &q);
		}
}

void modes(const struct scenario *s)
{
	struct model_query q = { .scenario = s, .profile = &model_arch };
	struct model_profile mended;

	one.count = orders = 0;
	orders_each(s, ORDERS_ALL, run_order, &q);
	run(&other, &q);
	assert_true(other.complete);
	expect_in(&other, &one, &q);
	if (orders < ORDERS_COMPARED)
		expect_in(&one, &other, &q);
	mended = model_qemu_tcg;
	mended.iotlb.hides_dirty = mended.marks_one = mended.marks_late = false;
	mended.refuses_unrecorded = mended.present_late = false;
	q.profile = &mended;
	run(&one, &q);
	expect_allowed(&other, &one, &q);
	q.profile = &model_arch;
	q.mode = MODEL_RACING;
	run(&one, &q);
	expect_in(&one, &other, &q);
}

int searched_set_up(void **state)
{
	(void)state;
	large = model_memory(malloc(BIG), BIG);
	small = model_memory(malloc(SMALL), SMALL);
	return 0;
}

int searched_tear_down(void **state)
{
	(void)state;
	free(large.slots);
	free(small.slots);
	return 0;
}
