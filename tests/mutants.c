/* Pure: which mutants a scenario has, and what is said of them. */
#include "tests/mutants.h"
#include "kernel/format.h"
#include "tests/variant.h"

static bool protects(const struct step *st)
{
	static const u8 kinds[] = { OPS(OP_KIND) };

	return kinds[st->op] == PROTECT;
}

static bool same(struct change a, struct change b)
{
	bool turned = a.with && a.no == b.with && a.with == b.no;

	return a.agent == b.agent && (turned || (a.no == b.no && a.with == b.with));
}

/* A change that follows from the steps alone. */
static bool by_steps(const struct scenario *s, unsigned index, struct change *found, u8 *unseen)
{
	for (unsigned a = 0; a < AGENTS; a++)
		for (unsigned i = 0; i < s->agents[a].count; i++) {
			const struct step *here = &s->agents[a].steps[i], *next = here + 1;
			bool last = i + 1u == s->agents[a].count;

			*found = (struct change){ (u8)a, here->no, 0 };
			*unseen = step_to(here);
			if (protects(here) && !index--)
				return true;
			*unseen = NO_OBSERVATION;
			if (last || (!protects(here) && !protects(next)))
				continue;
			found->with = next->no;
			if (!index--)
				return true;
		}
	return false;
}

static bool is_by_steps(const struct scenario *s, struct change change)
{
	struct change other;
	u8 unseen;

	for (unsigned i = 0; by_steps(s, i, &other, &unseen); i++)
		if (same(change, other))
			return true;
	return false;
}

/* How many changes by steps there are, or up to index; then those that only controls name. */
static bool any(const struct scenario *s, unsigned index, struct change *found, u8 *unseen)
{
	unsigned n = 0;

	if (by_steps(s, index, found, unseen))
		return true;
	while (by_steps(s, n, found, unseen))
		n++;
	*unseen = NO_OBSERVATION;
	for (unsigned c = 0; c < CONTROLS && s->control[c].shows; c++) {
		*found = s->control[c].change;
		if (found->with && !is_by_steps(s, *found) && n++ == index)
			return true;
	}
	return false;
}

bool mutants_get(const struct scenario *s, unsigned index, struct mutant *m)
{
	*m = (struct mutant){ 0 };
	if (!any(s, index, &m->change, &m->unseen))
		return false;
	for (unsigned i = 0; i < SPARES && s->spare[i].why; i++)
		if (same(s->spare[i].change, m->change))
			m->why = s->spare[i].why;
	for (unsigned c = 0; c < CONTROLS && s->control[c].shows; c++)
		m->control |= same(s->control[c].change, m->change);
	return true;
}

const struct change *mutants_stray(const struct scenario *s)
{
	for (unsigned i = 0; i < SPARES && s->spare[i].why; i++) {
		struct mutant m;
		bool found = false;

		for (unsigned n = 0; !found && mutants_get(s, n, &m); n++)
			found = same(s->spare[i].change, m.change);
		if (!found)
			return &s->spare[i].change;
	}
	return NULL;
}

bool mutants_answered(const struct mutant *m, enum fate fate)
{
	switch (fate) {
	case KILLED:
	case GONE:
		return !m->why;
	case SURVIVED:
		return m->why;
	case NO_DIFFERENCE:
		return m->why || (m->change.with && !m->control);
	default:
		return false;
	}
}

void mutants_text(char *out, size_t size, const struct scenario *s, const struct mutant *m,
		  enum fate fate, const char *by)
{
	static const char *const words[FATES] = {
		[KILLED] = "killed by ",     [GONE] = "killed, it does not show any more ",
		[SURVIVED] = "survived",     [NO_DIFFERENCE] = "survived, and makes no difference",
		[UNDECIDED] = "undecided: ",
	};
	char change[120];
	bool has_by = fate == KILLED || fate == GONE || fate == UNDECIDED;

	format(out, size, "%s.%s %s: %s%s%s%s", s->id, s->name,
	       variant_text(change, sizeof change, s, m->change), words[fate], has_by ? by : "",
	       !m->why ? (mutants_answered(m, fate) ? "" : ", and nobody says why")
	       : mutants_answered(m, fate) ? ", argued: "
					   : ", though argued: ",
	       m->why ? m->why : "");
}
