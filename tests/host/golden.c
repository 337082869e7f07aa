#include "tests/host/golden.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/variant.h"
#include "tests/words.h"

enum { MEMORY = 32 << 20, TEXT = 40, SET = 64 };
struct model_memory golden_memory;

/* A set of outcomes as text: what R1 R2 R3 saw, as far as they were, then what P0, P1 and K hold. */
struct set {
	unsigned count;
	char text[SET][TEXT];
	bool holds;
};

/* As words_name(), and what it has no word for. */
static const char *name(unsigned symbol, char *text, size_t size)
{
	if (symbol >= COUNTS_FROM)
		snprintf(text, size, "%u", symbol - COUNTS_FROM);
	else
		snprintf(text, size, "%s",
			 symbol == YES         ? "yes"
			 : symbol == NO        ? "no"
			 : symbol == EMPTY     ? "empty"
			 : symbol == MIGRATION ? "migration"
			 : symbol == SWAP      ? "swap"
					       : words_name(symbol));
	return text;
}

static bool add(void *arg, const struct outcome *seen)
{
	struct set *set = arg;
	char *text = set->text[set->count], word[TEXT];
	size_t at = 0;

	assert_true(set->count < SET - 1);
	text[0] = 0;
	for (unsigned o = 1; o < OBSERVATIONS; o++)
		if (seen->saw[o])
			at += (size_t)snprintf(text + at, TEXT - at, "%s%s", at ? " " : "",
					       name(seen->saw[o], word, sizeof word));
	if (set->holds)
		snprintf(text + at, TEXT - at, "%s%s %s %s", at ? " " : "",
			 words_name(seen->holds[P0]), words_name(seen->holds[P1]),
			 words_name(seen->holds[K]));
	for (unsigned i = 0; i < set->count; i++)
		if (!strcmp(set->text[i], text))
			return true;
	set->count++;
	return true;
}

const struct scenario *changed(const struct scenario *s, struct change change)
{
	static struct variant variants[4];
	static unsigned next;
	struct variant *v = &variants[next++ % ARRAY_SIZE(variants)];

	assert_true(variant_make(v, s, change));
	return &v->scenario;
}

/* Exactly these, separated by commas. */
void expect(struct model_query q, bool with_frames, const char *expected)
{
	struct set set = { .holds = with_frames };
	char all[SET * TEXT] = "", want[SET * TEXT];
	unsigned wanted = 0, found = 0;

	if (!q.profile)
		q.profile = &model_arch;
	for (unsigned spelled = 0; spelled <= SEARCH_ALL; spelled += SEARCH_ALL) {
		set.count = wanted = found = 0;
		q.search = (u8)spelled;
		struct model_result r = model_run(&q, &golden_memory, add, &set);
		if (!r.complete || r.wrong || r.stuck)
			fail_msg("complete %d stuck %d wrong %s", r.complete, r.stuck, r.wrong);
		all[0] = 0;
		for (unsigned i = 0; i < set.count; i++)
			snprintf(all + strlen(all), sizeof all - strlen(all), "%s,", set.text[i]);
		snprintf(want, sizeof want, "%s", expected);
		for (char *word = strtok(want, ","); word; word = strtok(NULL, ",")) {
			wanted++;
			for (unsigned i = 0; i < set.count; i++)
				found += !strcmp(set.text[i], word);
		}
		if (wanted != found || found != set.count)
			fail_msg("expected %s allowed %s", expected, all);
	}
}

bool allows(struct model_query q, bool with_frames, const char *outcome)
{
	struct set set = { .holds = with_frames };

	model_run(&q, &golden_memory, add, &set);
	for (unsigned i = 0; i < set.count; i++)
		if (!strcmp(set.text[i], outcome))
			return true;
	return false;
}

const char *golden_wrong(const struct scenario *s)
{
	struct set set = { 0 };
	struct model_query q = { .scenario = s, .profile = &model_arch };

	return model_run(&q, &golden_memory, add, &set).wrong;
}

void expect_wrong(struct scenario s, unsigned agent, const struct step *only, const char *wrong)
{
	s.agents[agent] = (struct agent){ .name = "it", .steps = only, .count = 1 };
	const char *said = golden_wrong(&s);

	if (wrong)
		assert_string_equal(said, wrong);
	else
		assert_null(said);
}

int golden_set_up(void **state)
{
	(void)state;
	golden_memory = model_memory(malloc(MEMORY), MEMORY);
	return 0;
}

int golden_tear_down(void **state)
{
	(void)state;
	free(golden_memory.slots);
	return 0;
}
