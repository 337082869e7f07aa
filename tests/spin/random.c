/* Listings that nobody thought of. */
#include "tests/spin/random.h"

#include <stdio.h>
#include <string.h>

#include "tests/spin/known.h"

enum { STEPS_ALL = 9, CHANGES = 5 };

static struct {
	struct scenario scenario;
	struct step steps[AGENTS][STEPS_MAX], warm[AGENTS][2];
	char args[AGENTS][STEPS_MAX + 2][40], name[20];
	unsigned state, observations;
	char theme;
} made;

static unsigned below(unsigned limit)
{
	made.state = made.state * 1103515245 + 12345;
	return (made.state >> 16) % limit;
}

/* An agent's observation of before; 0: it has made none. */
static unsigned seen_before(const struct step *list, unsigned count)
{
	unsigned i = count ? below(count) : 0;

	for (unsigned tries = 0; count && tries < count; tries++, i = (i + 1) % count)
		if (list[i].to)
			return step_to(&list[i]);
	return NO_OBSERVATION;
}

static unsigned other_agent(unsigned agent)
{
	unsigned a;

	do
		a = below(AGENTS);
	while (a == agent || !made.scenario.agents[a].name);
	return a;
}

static u64 argument(char letter, unsigned agent, const struct step *list, unsigned count)
{
	static const u8 symbols[] = { N, X, Y }, frames[] = { P0, P0, P1, P1, K },
			tags[] = { MIGRATION, SWAP };

	switch (letter) {
	case 'p':
		return below(8) ? A : B;
	case 'f':
		return frames[below(ARRAY_SIZE(frames))];
	case 's':
		return symbols[below(ARRAY_SIZE(symbols))];
	case 'r':
		return below(3) ? RW : RO;
	case 't':
		return tags[below(2)];
	case 'a':
		return other_agent(agent);
	case 'o':
		return made.observations < OBSERVATIONS - 1 ? ++made.observations : NO_OBSERVATION;
	case 'b':
		return seen_before(list, count);
	case 'c': /* one of two */
		return below(2);
	case 'v':
		return 1 + below(2);
	default: /* word, lock */
		return 0;
	}
}

/* How likely this step is; what belongs to the theme, ten times more. */
static unsigned weight(const struct known *k, bool device)
{
	return (device ? k->device : k->cpu) * (strchr(k->themes, made.theme) ? 10u : 1u);
}

static const struct known *some_step(bool device)
{
	const struct known *k;
	unsigned sum = 0, i;

	for (i = 0; (k = known_at(i)); i++)
		sum += weight(k, device);
	sum = below(sum);
	for (i = 0; sum >= weight(known_at(i), device); i++)
		sum -= weight(known_at(i), device);
	return known_at(i);
}

static void add(unsigned agent, struct step *list, unsigned count, const struct known *k,
		char *text)
{
	struct step *x = &list[count];
	u64 given[3] = { 0 };

	*x = (struct step){ .no = (u8)(count + 1), .op = k->op };
	for (unsigned i = 0; k->arguments[i]; i++) {
		given[i] = argument(k->arguments[i], agent, list, count);
		if (k->arguments[i] == 'o')
			x->to = given[i] ? (u8)(i + 1) : 0;
	}
	x->a = (u8)given[0], x->b = (u8)given[1], x->c = (u8)given[2];
	snprintf(text, 40, "%u, %u, %u", x->a, x->b, x->c);
	x->args = text;
	if (!below(6)) {
		static const u8 values[] = { YES,      NO,       LANDED, BLOCKED, EMPTY,
					     MARK(P0), MARK(P1), O,      N };

		x->if_saw = (u8)seen_before(list, count);
		x->is = values[below(ARRAY_SIZE(values))];
	}
}

static void fill_agent(unsigned agent, unsigned count)
{
	struct agent *a = &made.scenario.agents[agent];
	bool is_masked = false;

	for (; a->count < count; a->count++) {
		add(agent, made.steps[agent], a->count, some_step(agent >= CPU_AGENTS),
		    made.args[agent][a->count]);
		if (made.steps[agent][a->count].op == OP_cli)
			is_masked = true;
		if (made.steps[agent][a->count].op == OP_sti)
			is_masked = false;
	}
	/* Nobody ends with interrupts off. */
	if (is_masked) {
		add(agent, made.steps[agent], a->count++, known_op(OP_sti),
		    made.args[agent][count]);
		made.steps[agent][count].if_saw = 0;
	}
	a->steps = made.steps[agent];
}

static bool has(unsigned agent, unsigned op, u64 argument_a)
{
	const struct agent *a = &made.scenario.agents[agent];

	for (unsigned i = 0; i < a->count; i++)
		if (a->steps[i].op == op && a->steps[i].a == argument_a && !a->steps[i].if_saw)
			return true;
	return false;
}

/* Does somebody else do what this step waits for? */
static bool is_satisfied(unsigned agent, const struct step *x)
{
	bool is = x->op == OP_heed && has((unsigned)x->a, OP_tell, agent);

	for (unsigned a = 0; a < AGENTS; a++)
		is |= a != agent && ((x->op == OP_word_wait && has(a, OP_word_set, x->a)) ||
				     (x->op == OP_page_wait && has(a, OP_page_response, x->a)) ||
				     (x->op == OP_page_response && has(a, OP_page_request, x->a)));
	return is;
}

/* A wait without an end shows nothing: most become something else. */
static void give_up_waits(unsigned agent)
{
	struct agent *a = &made.scenario.agents[agent];
	unsigned locks = 0;

	for (unsigned i = 0; i < a->count; i++) {
		struct step *x = &made.steps[agent][i];
		bool waits = x->op == OP_heed || x->op == OP_word_wait || x->op == OP_ref_wait ||
			     x->op == OP_page_wait || x->op == OP_page_response ||
			     (x->op == OP_lock && locks++);

		if (waits && !is_satisfied(agent, x) && below(10))
			add(agent, made.steps[agent], i, some_step(agent >= CPU_AGENTS),
			    made.args[agent][i]),
				i--;
	}
}

static void warm_agent(unsigned agent)
{
	struct step *x = made.warm[agent];

	if (!below(2))
		return;
	*x = agent < CPU_AGENTS ? (struct step){ .no = 1, .op = OP_load, .args = "A" }
				: (struct step){ .no = 1, .op = OP_dma_read, .args = "A" };
	made.scenario.warm[agent] = (struct agent){ .steps = x, .count = 1 };
}

/* A step left out, or two that changed places. */
static struct change some_change(void)
{
	unsigned agent = below(AGENTS);

	while (!made.scenario.agents[agent].count)
		agent = below(AGENTS);
	unsigned count = made.scenario.agents[agent].count;
	unsigned one = 1 + below(count), other = 1 + below(count);

	return (struct change){ (u8)agent, (u8)one, (u8)(one == other || below(2) ? 0 : other) };
}

const struct scenario *random_scenario(unsigned seed)
{
	static const char *const devices[] = { "0e", "01e", "0ef" };
	static const char *const casts[] = { "01", "01e", "0e", "012" };
	static const char *const names[AGENTS] = { "C0", "C1", "C2", "C3", "E", "E2" };
	struct scenario *s = &made.scenario;

	memset(&made, 0, sizeof made);
	made.state = seed * 2654435761u + 1;
	made.theme = "tmrsiqd"[below(7)];
	snprintf(made.name, sizeof made.name, "%u", seed);
	s->id = "random";
	s->name = made.name;
	const char *cast = strchr("qd", made.theme) ? devices[below(ARRAY_SIZE(devices))]
						    : casts[below(ARRAY_SIZE(casts))];
	for (unsigned a = 0; a < AGENTS; a++)
		s->agents[a].name = strchr(cast, AGENT_LETTERS[a]) ? names[a] : NULL;
	s->content[P0] = O;
	s->content[P1] = below(2) ? O : NOTHING;
	s->refs[P0] = (u8)below(3);
	for (unsigned p = 0; p < PLACES; p++) {
		s->maps[p].frame = p == A ? P0 : below(2) ? P0 : P1;
		s->maps[p].rights = (u8)below(5) ? RW - (u8)!below(3) : 0;
		s->maps[p].state = (u8)below(3);
	}
	for (unsigned a = 0; a < AGENTS; a++)
		if (s->agents[a].name) {
			fill_agent(a, STEPS_ALL / (unsigned)strlen(cast) + below(2));
			warm_agent(a);
		}
	for (unsigned a = 0; a < AGENTS; a++)
		give_up_waits(a);
	for (unsigned c = 0; c < CHANGES; c++)
		s->control[c].change = some_change();
	return s;
}
