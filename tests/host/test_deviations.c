/* Known deviations: what is listed is found, nothing beside it is, and every entry is complete. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/format.h"
#include "tests/deviations.h"
#include "tests/model/model.h"
#include "tests/model/text.h"
#include "tests/scenario.h"

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

/* One line of what an entry shows. */
struct line {
	const struct deviation *d;
	const struct scenario *scenario; /* NULL: there is none */
	u8 modes;
	enum deviation_mode mode; /* one of them */
	const char *outcome;
};

static bool is_called(const struct scenario *s, const char *name)
{
	char text[80];

	format(text, sizeof text, "%s.%s", s->id, s->name);
	return !strcmp(text, name);
}

static const struct scenario *find(const char *name)
{
	for (const struct scenario_ref *r = __start_scenarios; r != __stop_scenarios; r++)
		if (is_called(r->scenario, name))
			return r->scenario;
	return NULL;
}

static void each(void (*check)(const struct line *l))
{
	for (const struct deviation *d = __start_deviations; d != __stop_deviations; d++)
		for (const struct deviation_shown *x = d->shows; x->test; x++)
			/* Those of units have tests of their own, test_unit.c. */
			if (x->test[0] != 'U')
				check(&(struct line){ d, find(x->test), x->modes,
						      x->modes & DEVIATES_STEPPED ? DEVIATES_STEPPED
										  : DEVIATES_RACING,
						      x->outcome });
}

/* How much is the same, in whole words. */
static size_t alike(const char *text, const char *listed)
{
	size_t whole = 0;

	for (size_t n = 0;; n++) {
		bool end = (!text[n] || text[n] == ' ') && (!listed[n] || listed[n] == ' ');

		whole = end ? n + 1 : whole;
		if (!text[n] || text[n] != listed[n])
			return whole;
	}
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

/* Who reads an entry finds all of it. */
static void entries(void **state)
{
	(void)state;
	assert_ptr_not_equal(__start_deviations, __stop_deviations);
	for (const struct deviation *d = __start_deviations; d != __stop_deviations; d++) {
		const char *const texts[] = { d->what,  d->section, d->says,
					      d->cause, d->shown,   d->command };

		for (unsigned i = 0; i < ARRAY_SIZE(texts); i++) {
			assert_non_null(texts[i]);
			assert_true(strlen(texts[i]) > 3);
			assert_null(strpbrk(texts[i], "#\n"));
		}
		assert_true(VERSION(1, 0, 0) <= d->first && d->first <= d->last);
		assert_int_equal(strncmp(d->command, "make run ", 9), 0);
		assert_non_null(d->shows[0].test);
	}
}

/* The scenario exists, and the outcome is in the log's words: one that is misspelled would never match. */
static void is_right(const struct line *l)
{
	char text[TEXT];

	assert_non_null(l->scenario);
	assert_true(l->modes && l->modes <= (DEVIATES_STEPPED | DEVIATES_RACING));
	struct outcome seen = outcome_of(l->scenario, l->outcome);
	assert_string_equal(model_text(text, sizeof text, l->scenario, &seen), l->outcome);
	/* Something without a name, or a text that is cut, could be many things. */
	assert_null(strchr(l->outcome, '?'));
	assert_in_range(strlen(l->outcome), 1, 200);
}

static void is_found(const struct line *l)
{
	const u32 versions[] = { l->d->first, l->d->last, l->d->last + 99 };
	struct platform p = platform_of(l->d);
	struct outcome seen = outcome_of(l->scenario, l->outcome);

	for (unsigned v = 0; v < ARRAY_SIZE(versions); v++)
		for (unsigned m = 0; m < ARRAY_SIZE(modes); m++) {
			const struct deviation *here = l->modes & modes[m] ? l->d : NULL;

			p.version = versions[v];
			assert_ptr_equal(deviation_of(&p, l->scenario, modes[m], &seen), here);
			assert_int_equal(expected(l->d, &p, l->scenario, modes[m]), here != NULL);
		}
}

static void not_here(const struct line *l, const struct platform *p, const struct scenario *s,
		     const struct outcome *seen)
{
	assert_null(deviation_of(p, s, l->mode, seen));
	assert_null(deviation_next(p, s, l->mode, NULL));
}

static void nobody_else(const struct line *l)
{
	const struct platform right = platform_of(l->d);
	const struct outcome seen = outcome_of(l->scenario, l->outcome);
	const u32 versions[] = { 0, l->d->first - 1, l->d->last + VERSION(0, 1, 0),
				 l->d->last + VERSION(1, 0, 0), ~0u };
	struct platform p = right;
	struct scenario other = *l->scenario;

	for (unsigned v = 0; v < ARRAY_SIZE(versions); v++) {
		p.version = versions[v];
		not_here(l, &p, l->scenario, &seen);
	}
	for (p = right; (p.kind = (p.kind + 1) % (PLATFORM_HYPERVISOR + 1)) != right.kind;)
		not_here(l, &p, l->scenario, &seen);
	for (p = right; (p.accel = (p.accel + 1) % (ACCEL_UNKNOWN + 1)) != right.accel;)
		not_here(l, &p, l->scenario, &seen);
	other.id = "Z99";
	not_here(l, &right, &other, &seen);
	other = *l->scenario;
	other.name = "another";
	not_here(l, &right, &other, &seen);
}

static bool is_listed(const struct line *l, const char *text)
{
	for (const struct deviation_shown *x = l->d->shows; x->test; x++)
		if (is_called(l->scenario, x->test) && !strcmp(x->outcome, text))
			return true;
	return false;
}

/* Whatever single thing is different: if it still is found, then because it is listed too. */
static void nothing_else(const struct line *l)
{
	struct platform p = platform_of(l->d);
	struct outcome seen = outcome_of(l->scenario, l->outcome);
	char text[TEXT], none[TEXT];

	for (unsigned i = 1; i < OBSERVATIONS + FRAMES; i++) {
		u8 *value = i < OBSERVATIONS ? &seen.saw[i] : &seen.holds[i - OBSERVATIONS];
		u8 right = *value;

		/* No step makes this observation. */
		*value = OTHER;
		model_text(none, sizeof none, l->scenario, &seen);
		*value = NOTHING;
		if (!strcmp(none, model_text(text, sizeof text, l->scenario, &seen)))
			continue;
		for (unsigned symbol = NOTHING; symbol < SYMBOLS; symbol++) {
			*value = (u8)symbol;
			if (*value == right || !deviation_of(&p, l->scenario, l->mode, &seen))
				continue;
			model_text(text, sizeof text, l->scenario, &seen);
			assert_string_not_equal(text, l->outcome);
			assert_true(is_listed(l, text));
		}
		*value = right;
	}
}

struct search {
	const struct line *line;
	bool found;
};

static bool compare(void *arg, const struct outcome *seen)
{
	struct search *x = arg;
	char text[TEXT];

	model_text(text, sizeof text, x->line->scenario, seen);
	x->found |= !strcmp(text, x->line->outcome);
	return !x->found;
}

/* What the architecture allows is no deviation. */
static void not_allowed(const struct line *l)
{
	static u8 bytes[16 << 20] __attribute__((aligned(8)));
	static struct model_memory memory;

	if (!memory.capacity)
		memory = model_memory(bytes, sizeof bytes);
	for (unsigned m = 0; m < ARRAY_SIZE(modes); m++) {
		struct search x = { l, false };
		struct model_query q = { .scenario = l->scenario,
					 .mode = modes[m] == DEVIATES_RACING ? MODEL_RACING
									     : MODEL_STEPPED,
					 .profile = &model_arch };

		if (!(l->modes & modes[m]))
			continue;
		assert_true(model_run(&q, &memory, compare, &x).complete);
		assert_false(x.found);
	}
}

static void right(void **state) { (void)state, each(is_right); }
static void found(void **state) { (void)state, each(is_found); }
static void elsewhere(void **state) { (void)state, each(nobody_else); }
static void different(void **state) { (void)state, each(nothing_else); }
static void architecture(void **state) { (void)state, each(not_allowed); }

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries),   cmocka_unit_test(right),
		cmocka_unit_test(found),     cmocka_unit_test(elsewhere),
		cmocka_unit_test(different), cmocka_unit_test(architecture),
	};

	return cmocka_run_group_tests_name("deviations", tests, NULL, NULL);
}
