/* Known deviations: what is listed is found, nothing beside it is, and every entry is complete. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/deviations.h"
#include "tests/model/model.h"
#include "tests/model/text.h"
#include "tests/scenario.h"

/* D11.fault_drops, until the runner asks deviation_of(): before, its outcome would be a FAIL. */
OBSERVE(WARM, WROTE, READ)
#define FAULT_STEPS(step)           \
	step(1, load, A, WARM)      \
	step(2, pte_clear, A)       \
	step(3, store, A, Y, WROTE) \
	step(4, load, A, READ)
LISTING(FAULT)
static const struct scenario fault_drops = {
	.id = "D11",
	.name = "fault_drops",
	.agents = { RUNS(C0, FAULT) },
	.maps = { [A] = { P0, RO } },
	.content = { [P0] = O },
};

enum { TEXT = 300, SYMBOLS = 256 };
static const enum deviation_mode modes[] = { DEVIATES_STEPPED, DEVIATES_RACING };

static struct platform platform_of(const struct deviation *d)
{
	return (struct platform){ .kind = d->kind, .accel = d->accel, .version = d->first };
}

static bool expected(const struct deviation *d, const struct platform *p, const struct scenario *s,
		     enum deviation_mode mode)
{
	for (const struct deviation *e = NULL; (e = deviation_next(p, s, mode, e));)
		if (e == d)
			return true;
	return false;
}

/* The first mode and scenario of an entry. */
static enum deviation_mode mode_of(const struct deviation *d)
{
	return d->modes & DEVIATES_STEPPED ? DEVIATES_STEPPED : DEVIATES_RACING;
}
static const struct scenario *scenario_of(const struct deviation *d)
{
	struct platform p = platform_of(d);

	for (const struct scenario_ref *r = __start_scenarios; r != __stop_scenarios; r++)
		if (expected(d, &p, r->scenario, mode_of(d)))
			return r->scenario;
	return expected(d, &p, &fault_drops, mode_of(d)) ? &fault_drops : NULL;
}

static size_t alike(const char *a, const char *b)
{
	size_t n = 0;

	while (a[n] && a[n] == b[n])
		n++;
	return n;
}

/* What is seen when the log says that: value after value, the one whose words are most like it. */
static struct outcome outcome_of(const struct scenario *s, const char *listed)
{
	struct outcome seen = { 0 };

	for (unsigned i = 1; i < OBSERVATIONS + FRAMES; i++) {
		u8 *value = i < OBSERVATIONS ? &seen.saw[i] : &seen.holds[i - OBSERVATIONS];
		size_t best = 0;
		u8 found = NOTHING;

		for (unsigned symbol = NOTHING; symbol < SYMBOLS; symbol++) {
			char text[TEXT];

			*value = (u8)symbol;
			size_t n = alike(model_text(text, sizeof text, s, &seen), listed);
			if (n > best) {
				best = n;
				found = (u8)symbol;
			}
		}
		*value = found;
	}
	return seen;
}

typedef void each_fn(const struct deviation *d, const struct scenario *s, const char *listed);
static void each(each_fn *check)
{
	for (const struct deviation *d = deviations; d < deviations + deviations_count; d++)
		for (unsigned i = 0; i < DEVIATION_OUTCOMES && d->outcomes[i]; i++)
			check(d, scenario_of(d), d->outcomes[i]);
}

/* Who reads an entry finds all of it, and the scenario it speaks of exists. */
static void complete(void **state)
{
	(void)state;
	assert_int_not_equal(deviations_count, 0);
	for (const struct deviation *d = deviations; d < deviations + deviations_count; d++) {
		const char *const texts[] = { d->what, d->test,  d->outcomes[0], d->section,
					      d->says, d->cause, d->shown,       d->command };

		for (unsigned i = 0; i < ARRAY_SIZE(texts); i++) {
			assert_non_null(texts[i]);
			assert_true(strlen(texts[i]) > 3);
			assert_null(strpbrk(texts[i], "#\n"));
		}
		assert_true(VERSION(1, 0, 0) <= d->first && d->first <= d->last);
		assert_true(d->modes && d->modes <= (DEVIATES_STEPPED | DEVIATES_RACING));
		assert_int_equal(strncmp(d->command, "make run ", 9), 0);
		assert_non_null(scenario_of(d));
	}
}

/* An outcome that is misspelled would never match, one with something that has no name, or cut, too much. */
static void the_logs_words(const struct deviation *d, const struct scenario *s, const char *listed)
{
	struct outcome seen = outcome_of(s, listed);
	char text[TEXT];

	(void)d;
	assert_string_equal(model_text(text, sizeof text, s, &seen), listed);
	assert_null(strchr(listed, '?'));
	assert_in_range(strlen(listed), 1, 200);
}

static void is_found(const struct deviation *d, const struct scenario *s, const char *listed)
{
	const u32 versions[] = { d->first, d->last, d->last + 99 };
	struct platform p = platform_of(d);
	struct outcome seen = outcome_of(s, listed);

	for (unsigned v = 0; v < ARRAY_SIZE(versions); v++)
		for (unsigned m = 0; m < ARRAY_SIZE(modes); m++) {
			const struct deviation *here = d->modes & modes[m] ? d : NULL;

			p.version = versions[v];
			assert_ptr_equal(deviation_of(&p, s, modes[m], &seen), here);
			assert_int_equal(expected(d, &p, s, modes[m]), here == d);
		}
}

static void not_here(const struct deviation *d, const struct platform *p, const struct scenario *s,
		     const struct outcome *seen)
{
	assert_ptr_not_equal(deviation_of(p, s, mode_of(d), seen), d);
	assert_false(expected(d, p, s, mode_of(d)));
}

static void nobody_else(const struct deviation *d, const struct scenario *s, const char *listed)
{
	const struct platform right = platform_of(d);
	const struct outcome seen = outcome_of(s, listed);
	const u32 versions[] = { 0, d->first - 1, d->last + VERSION(0, 1, 0),
				 d->last + VERSION(1, 0, 0), ~0u };
	struct platform p = right;
	struct scenario other = *s;

	for (unsigned v = 0; v < ARRAY_SIZE(versions); v++) {
		p.version = versions[v];
		not_here(d, &p, s, &seen);
	}
	for (p = right; (p.kind = (p.kind + 1) % (PLATFORM_HYPERVISOR + 1)) != right.kind;)
		not_here(d, &p, s, &seen);
	for (p = right; (p.accel = (p.accel + 1) % (ACCEL_UNKNOWN + 1)) != right.accel;)
		not_here(d, &p, s, &seen);
	other.id = "Z99";
	not_here(d, &right, &other, &seen);
	other = *s;
	other.name = "another";
	not_here(d, &right, &other, &seen);
}

static bool is_listed(const struct deviation *d, const char *text)
{
	for (unsigned i = 0; i < DEVIATION_OUTCOMES && d->outcomes[i]; i++)
		if (!strcmp(d->outcomes[i], text))
			return true;
	return false;
}

/* Whatever single thing is different: if it still is found, then because it is listed too. */
static void nothing_else(const struct deviation *d, const struct scenario *s, const char *listed)
{
	struct platform p = platform_of(d);
	struct outcome seen = outcome_of(s, listed);
	char text[TEXT], none[TEXT];

	for (unsigned i = 1; i < OBSERVATIONS + FRAMES; i++) {
		u8 *value = i < OBSERVATIONS ? &seen.saw[i] : &seen.holds[i - OBSERVATIONS];
		u8 right = *value;

		/* No step makes this observation. */
		*value = OTHER;
		model_text(none, sizeof none, s, &seen);
		*value = NOTHING;
		if (!strcmp(none, model_text(text, sizeof text, s, &seen)))
			continue;
		for (unsigned symbol = NOTHING; symbol < SYMBOLS; symbol++) {
			*value = (u8)symbol;
			if (*value == right || deviation_of(&p, s, mode_of(d), &seen) != d)
				continue;
			model_text(text, sizeof text, s, &seen);
			assert_string_not_equal(text, listed);
			assert_true(is_listed(d, text));
		}
		*value = right;
	}
}

struct search {
	const struct scenario *scenario;
	const char *listed;
	bool found;
};

static bool compare(void *arg, const struct outcome *seen)
{
	struct search *x = arg;
	char text[TEXT];

	x->found |= !strcmp(model_text(text, sizeof text, x->scenario, seen), x->listed);
	return !x->found;
}

/* What the architecture allows is no deviation. */
static void not_allowed(const struct deviation *d, const struct scenario *s, const char *listed)
{
	static u8 bytes[16 << 20] __attribute__((aligned(8)));
	struct model_memory memory = model_memory(bytes, sizeof bytes);

	for (unsigned m = 0; m < ARRAY_SIZE(modes); m++) {
		struct search x = { s, listed, false };
		struct model_query q = { .scenario = s,
					 .mode = modes[m] == DEVIATES_RACING ? MODEL_RACING
									     : MODEL_STEPPED,
					 .profile = &model_arch };

		if (!(d->modes & modes[m]))
			continue;
		struct model_result r = model_run(&q, &memory, compare, &x);
		assert_true(r.complete);
		assert_false(x.found);
	}
}

static void words(void **state) { (void)state, each(the_logs_words); }
static void listed(void **state) { (void)state, each(is_found); }
static void elsewhere(void **state) { (void)state, each(nobody_else); }
static void different(void **state) { (void)state, each(nothing_else); }
static void architecture(void **state) { (void)state, each(not_allowed); }

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(complete),  cmocka_unit_test(words),
		cmocka_unit_test(listed),    cmocka_unit_test(elsewhere),
		cmocka_unit_test(different), cmocka_unit_test(architecture),
	};

	return cmocka_run_group_tests_name("deviations", tests, NULL, NULL);
}
