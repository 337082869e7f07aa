/* On the build machine: every scenario that is linked in, against the model. make model */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/model/check.h"
#include "tests/model/text.h"

enum { MEMORY = 256 << 20, LINE = 4096, OUTCOME_TEXT = 200 };

static struct model_memory memory;
static unsigned passed, failed;

struct list {
	const struct scenario *scenario;
	char text[LINE];
};

static bool add(void *arg, const struct outcome *seen)
{
	struct list *l = arg;
	size_t at = strlen(l->text);

	if (at + OUTCOME_TEXT < sizeof l->text)
		snprintf(l->text + at, sizeof l->text - at, "%s%s", at ? " | " : "",
			 model_text((char[OUTCOME_TEXT]){ 0 }, OUTCOME_TEXT, l->scenario, seen));
	return true;
}

static struct model_result list(struct list *l, const char *order, const struct model_profile *p,
				enum model_mode mode)
{
	const struct model_query q = {
		.scenario = l->scenario, .order = order, .profile = p, .mode = mode
	};

	l->text[0] = 0;
	return model_run(&q, &memory, add, l);
}

static void say(const struct scenario *s, const char *name, const char *order)
{
	static struct list l;
	struct model_report r = model_check(s, order, &memory);
	const char *outcome = r.wrong[0] ? r.wrong : "ok";

	l.scenario = s;
	struct model_result good = list(&l, order, &model_arch, MODEL_STEPPED);
	printf("%s %s.%s runs=%lu states=%lu outcomes=%lu %s\n", r.wrong[0] ? "not ok" : "ok",
	       s->id, name, r.runs, r.states, good.outcomes, outcome);
	printf("    allowed: %s\n", l.text);
	struct model_result qemu = list(&l, order, &model_qemu_tcg, MODEL_STEPPED);
	printf("    QEMU: outcomes=%lu %s\n", qemu.outcomes, l.text);
	struct model_result racing = list(&l, NULL, &model_arch, MODEL_RACING);
	printf("    racing: states=%lu outcomes=%lu%s\n", racing.states, racing.outcomes,
	       racing.complete ? "" : " incomplete");
	if (r.wrong[0])
		failed++;
	else
		passed++;
}

int main(void)
{
	memory = model_memory(malloc(MEMORY), MEMORY);
	for (const struct scenario_ref *s = __start_scenarios; s != __stop_scenarios; s++) {
		const struct scenario *x = s->scenario;

		if (!x->orders[0].order)
			say(x, x->name, NULL);
		for (unsigned n = 0; n < ORDERS && x->orders[n].order; n++)
			say(x, x->orders[n].name ? x->orders[n].name : x->name, x->orders[n].order);
	}
	printf("%u passed, %u failed\n", passed, failed);
	return failed || !passed;
}
