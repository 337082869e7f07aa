/* Pure: scenarios with a step left out, or two that changed places. */
#include "tests/variant.h"
#include "kernel/format.h"
#include "kernel/string.h"

static unsigned index_of(const struct agent *a, u8 no)
{
	unsigned i = 0;

	while (i < a->count && a->steps[i].no != no)
		i++;
	return i;
}

bool variant_make(struct variant *v, const struct scenario *of, struct change change)
{
	struct agent *a = &v->scenario.agents[change.agent % AGENTS];

	v->scenario = *of;
	if (!change.no)
		return true;
	unsigned at = index_of(a, change.no);
	unsigned other = change.with ? index_of(a, change.with) : at;
	if (change.agent >= AGENTS || at >= a->count || other >= a->count)
		return false;
	memcpy(v->steps, a->steps, a->count * sizeof *v->steps);
	if (change.with) {
		v->steps[at] = a->steps[other];
		v->steps[other] = a->steps[at];
	} else {
		a->count--;
		memmove(&v->steps[at], &v->steps[at + 1], (a->count - at) * sizeof *v->steps);
	}
	a->steps = v->steps;
	/* What is compiled to run straight is the listing unchanged. */
	a->race = NULL;
	return true;
}

const char *variant_order(struct variant *v, const struct scenario *of, struct change change,
			  const char *order)
{
	unsigned left_out = change.no && !change.with
				    ? index_of(&of->agents[change.agent], change.no)
				    : STEPS_MAX;
	char *out = v->order;
	unsigned n = 0;

	if (!order)
		return NULL;
	for (; *order && out < v->order + sizeof v->order - 1; order++) {
		bool skip = *order == AGENT_LETTERS[change.agent % AGENTS] && n++ == left_out;

		if (*order != ' ' && !skip)
			*out++ = *order;
	}
	*out = 0;
	return v->order;
}

static size_t name(char *text, size_t size, const struct scenario *of, u8 agent, u8 no)
{
	const struct agent *a = &of->agents[agent % AGENTS];
	unsigned i = index_of(a, no);

	if (i >= a->count)
		return format(text, size, "step %u of agent %u, which is not there", no, agent);
	return format(text, size, "%s.%u %s %s", a->name, no, step_name(&a->steps[i]),
		      a->steps[i].args);
}

const char *variant_text(char *text, size_t size, const struct scenario *of, struct change change)
{
	size_t n = 0;

	if (!change.no)
		format(text, size, "unchanged");
	else if (!change.with) {
		n = format(text, size, "without ");
		name(text + n, size - n, of, change.agent, change.no);
	} else {
		n = format(text, size, "swapped ");
		n += name(text + n, size - n, of, change.agent, change.no);
		n += format(text + n, size - n, " and ");
		name(text + n, size - n, of, change.agent, change.with);
	}
	return text;
}
