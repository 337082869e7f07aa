/* Pure: the model, asked by the runner. */
#include "tests/oracle.h"

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
	static struct model_memory m;
	struct model_query q = {
		.scenario = s, .order = order, .mode = mode, .profile = &model_arch
	};

	if (!m.capacity)
		m = model_memory(bytes, sizeof bytes);
	o->allowed.count = 0;
	o->wrong = NULL;
	struct model_result r = model_run(&q, &m, learn, o);
	o->states = r.states;
	o->stuck = r.stuck;
	if (r.wrong)
		o->wrong = r.wrong;
	else if (!r.complete && !o->wrong)
		o->wrong = "the model does not finish within its memory";
}
