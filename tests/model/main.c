/* On the build machine: every scenario that is linked in, against the model. make model */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/model/check.h"
#include "tests/model/text.h"

enum { MEMORY = 256 << 20, OUTCOME_TEXT = 200, SHOWN_MAX = 8 };

static struct model_memory memory[2];
static unsigned passed, failed;
static u64 largest; /* states of one run */

static void allowed(const struct scenario *s, const char *order, const struct model_profile *p,
		    bool (*each)(void *arg, const struct outcome *seen))
{
	struct model_query q = { .scenario = s, .order = order, .profile = p };

	if (!model_run(&q, memory, each, &q).complete)
		printf(" (not all)");
}

static bool print(void *arg, const struct outcome *seen)
{
	const struct model_query *q = arg;
	char text[OUTCOME_TEXT];

	printf(" {%s}", model_text(text, sizeof text, q->scenario, seen));
	return true;
}

/* What can be seen of the hazard, the fact and the controls, on any machine and on QEMU. */
static void print_shown(const char *where, u32 shown)
{
	if (shown)
		printf(" %s:", where);
	if (shown & SHOWN_HAZARD)
		printf(" hazard");
	if (shown & SHOWN_FACT)
		printf(" fact");
	for (unsigned c = 0; c < CONTROLS; c++)
		if (shown & SHOWN_CONTROL << c)
			printf(" control%u", c + 1);
}

static void say(const struct scenario *s, const char *name, const char *order)
{
	struct model_report r = model_check(s, order, memory);

	printf("%s %s.%s", r.wrong[0] ? "not ok" : "ok", s->id, name);
	printf(" runs=%lu states=%lu outcomes=%lu racing=%lu", r.runs, r.states, r.outcomes,
	       r.racing);
	print_shown("shows", r.shown);
	print_shown("on QEMU", r.on_qemu);
	if (r.departs)
		printf(" QEMU departs");
	printf("; allowed");
	if (r.outcomes <= SHOWN_MAX)
		allowed(s, order, &model_arch, print);
	printf("; QEMU");
	allowed(s, order, &model_qemu_tcg, print);
	printf("; %s\n", r.wrong[0] ? r.wrong : "ok");
	largest = r.largest > largest ? r.largest : largest;
	if (r.wrong[0])
		failed++;
	else
		passed++;
}

int main(void)
{
	char *bytes = malloc(2 * (size_t)MEMORY);

	for (unsigned i = 0; i < 2; i++)
		memory[i] = model_memory(bytes + i * (size_t)MEMORY, bytes ? MEMORY : 0);
	for (const struct scenario_ref *s = __start_scenarios; s != __stop_scenarios; s++) {
		const struct scenario *x = s->scenario;

		if (!x->orders[0].order)
			say(x, x->name, NULL);
		for (unsigned n = 0; n < ORDERS && x->orders[n].order; n++)
			say(x, x->orders[n].name ? x->orders[n].name : x->name, x->orders[n].order);
	}
	free(bytes);
	printf("largest run: %lu states, in %zu bytes\n", largest, model_size(largest));
	printf("%u passed, %u failed\n", passed, failed);
	return failed || !passed;
}
