/* Pure: the model, asked by the runner. */
#include "tests/oracle.h"

/* Enough for a scenario of four agents in every order; what does not fit is an error, never a pass. */
enum { MODEL_BYTES = 2 << 20 };
static u8 bytes[MODEL_BYTES] __attribute__((aligned(16)));

static bool second_stage;
void oracle_second_stage(bool is) { second_stage = is; }

static bool learn(void *arg, const struct outcome *seen)
{
	struct oracle *o = arg;

	if (o->allowed.count == OUTCOMES_MAX)
		o->wrong = "the model allows more outcomes than are kept";
	outcomes_add(&o->allowed, seen);
	return !o->wrong;
}

static struct model_memory *memory(void)
{
	static struct model_memory m;

	if (!m.capacity)
		m = model_memory(bytes, sizeof bytes);
	return &m;
}

void oracle_ask(struct oracle *o, const struct scenario *s, const char *order, enum model_mode mode)
{
	struct model_query q = {
		.scenario = s,
		.order = order,
		.mode = mode,
		.profile = &model_arch,
		.second_stage = second_stage,
	};

	o->mode = mode;
	o->allowed.count = 0;
	o->wrong = NULL;
	struct model_result r = model_run(&q, memory(), learn, o);
	o->states = r.states;
	o->stuck = r.stuck;
	o->reached = r.reached;
	o->refused = r.wrong != NULL;
	if (r.wrong)
		o->wrong = r.wrong;
	else if (!r.complete && !o->wrong)
		o->wrong = "the model does not finish within its memory";
}

/* What is looked for: a claim's, or one outcome. */
struct sought {
	const struct claim *claim;
	const struct outcome *outcome;
	bool found;
	struct outcome seen;
};

static bool is_sought(void *arg, const struct outcome *seen)
{
	struct sought *sought = arg;

	if (sought->claim)
		sought->found |= sought->claim->is_seen(seen);
	else
		sought->found |= outcome_same(sought->outcome, seen);
	sought->seen = *seen;
	return !sought->found;
}

static struct model_result seek(struct sought *sought, const struct model_query *q)
{
	struct model_query query = *q;

	query.second_stage = second_stage;
	return model_run(&query, memory(), is_sought, sought);
}

bool oracle_expects(const struct model_profile *p, const struct scenario *s, const char *order,
		    enum model_mode mode, const struct claim *wanted)
{
	struct sought sought = { .claim = wanted };
	struct model_query q = { .scenario = s, .order = order, .mode = mode, .profile = p };
	struct model_result r = seek(&sought, &q);

	return sought.found || r.wrong || !r.complete || (r.stuck && wanted == &deadlock_claim);
}

bool oracle_shows(const struct model_profile *p, const struct scenario *s, enum model_mode mode,
		  const struct claim *wanted)
{
	struct sought sought = { .claim = wanted };
	struct model_query q = { .scenario = s, .mode = mode, .profile = p };

	seek(&sought, &q);
	return sought.found;
}

bool oracle_reaches(const struct model_profile *p, const struct scenario *s, const char *order,
		    enum model_mode mode, const struct outcome *seen)
{
	struct sought sought = { .outcome = seen };
	struct model_query q = { .scenario = s, .order = order, .mode = mode, .profile = p };

	seek(&sought, &q);
	return sought.found;
}

bool oracle_way(const struct model_profile *p, const struct scenario *s, const struct claim *wanted,
		char *order)
{
	static struct sought sought;
	struct model_query q = { .scenario = s, .mode = MODEL_STEPPED, .profile = p };

	sought = (struct sought){ .claim = wanted };
	seek(&sought, &q);
	return sought.found && model_way(memory(), s, &sought.seen, order);
}
