/* Pure: the model, asked by the runner. */
#include "tests/oracle.h"
#include "tests/model/model.h"

/* Enough for a scenario of four agents in every order; what does not fit is an error, never a pass. */
enum { MODEL_BYTES = 2 << 20 };
static u8 bytes[MODEL_BYTES] __attribute__((aligned(16)));

static bool learn(void *arg, const struct outcome *seen)
{
	struct oracle *o = arg;

	if (o->allowed.count == OUTCOMES_MAX)
		o->wrong = "the model allows more outcomes than are kept";
	outcomes_add(&o->allowed, seen);
	return !o->wrong;
}

void oracle_ask(struct oracle *o, const struct scenario *s, const char *order, enum model_mode mode)
{
	struct model_memory m = model_memory(bytes, sizeof bytes);
	struct model_query q = { .scenario = s,
				 .order = order,
				 .mode = mode,
				 .search = SEARCH_REDUCED,
				 .skip_agent = AGENTS,
				 .profile = &model_arch };

	o->allowed.count = 0;
	o->wrong = NULL;
	struct model_result r = model_run(&q, &m, learn, o);
	o->states = r.states;
	if (r.wrong)
		o->wrong = r.wrong;
	else if (!r.complete && !o->wrong)
		o->wrong = "the model does not finish within its memory";
}
