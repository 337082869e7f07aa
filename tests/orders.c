/* Pure: every order of a scenario, depth first. */
#include "tests/orders.h"
#include "kernel/string.h"

/* What decides whether a step may run, after some steps. */
struct at {
	u8 next[AGENTS];
	u8 told[AGENTS];  /* by an agent: set of agents */
	u8 holder[LOCKS]; /* agent + 1 */
	u8 masked;        /* set of CPU agents between cli and sti */
};

static const struct step *next_step(const struct scenario *s, const struct at *at, unsigned agent)
{
	const struct agent *a = &s->agents[agent];

	return at->next[agent] < a->count ? &a->steps[at->next[agent]] : NULL;
}

static bool blocks(const struct at *at, unsigned agent, const struct step *st)
{
	switch (st->op) {
	case OP_heed:
		return !(at->told[st->a % AGENTS] & 1u << agent);
	case OP_lock:
		return at->holder[st->a % LOCKS];
	case OP_cpu_flush:
		return at->masked & ~(1u << agent);
	default:
		return false;
	}
}

static bool enabled(const struct scenario *s, const struct at *at, unsigned agent)
{
	const struct step *st = next_step(s, at, agent);

	return st && (st->if_saw || !blocks(at, agent, st));
}

/* A guarded step may not have happened: what it would take is free, what it would give is there. */
static void advance(const struct scenario *s, struct at *at, unsigned agent)
{
	const struct step *st = &s->agents[agent].steps[at->next[agent]++];

	switch (st->op) {
	case OP_tell:
		at->told[agent] |= (u8)(1u << st->a);
		break;
	case OP_lock:
		if (!st->if_saw)
			at->holder[st->a % LOCKS] = (u8)(agent + 1);
		break;
	case OP_unlock:
		at->holder[st->a % LOCKS] = 0;
		break;
	case OP_cli:
		if (!st->if_saw)
			at->masked |= (u8)(1u << agent);
		break;
	case OP_sti:
		at->masked &= (u8) ~(1u << agent);
		break;
	default:
		break;
	}
}

static bool finished(const struct scenario *s, const struct at *at)
{
	for (unsigned a = 0; a < AGENTS; a++)
		if (next_step(s, at, a))
			return false;
	return true;
}

/* One search: the order so far, and at each depth what is known and which agent is to be tried next. */
struct search {
	const struct scenario *s;
	bool prune;
	unsigned depth;
	struct at path[ORDER_MAX + 1];
	u8 choice[ORDER_MAX + 1];
	u8 blocked[ORDER_MAX + 1]; /* set of agents of which each() said that they block there */
	bool led[ORDER_MAX + 1];   /* to a complete order, or to one that was pruned */
	char order[ORDER_MAX + 1];
};

static unsigned agent_of(char letter)
{
	return (unsigned)(strchr(AGENT_LETTERS, letter) - AGENT_LETTERS);
}

/* Would an order with this step before the last one be the same, and come first? */
static bool is_pruned(struct search *x, unsigned agent)
{
	if (!x->prune || !x->depth)
		return false;
	const struct at *before = &x->path[x->depth - 1];
	unsigned last = agent_of(x->order[x->depth - 1]);

	return agent < last && enabled(x->s, before, agent) &&
	       independent(x->s, last, next_step(x->s, before, last), agent,
			   next_step(x->s, before, agent));
}

/* It was tried one step earlier. If it blocked there it blocks here: what came between is nothing to it. */
static void skip_pruned(struct search *x, unsigned agent)
{
	u8 blocked = x->blocked[x->depth - 1] & (u8)(1u << agent);

	x->blocked[x->depth] |= blocked;
	x->led[x->depth] |= !blocked;
}

/* Is there an agent left to try at this depth? Then one step deeper. */
static bool deeper(struct search *x)
{
	struct at *here = &x->path[x->depth];

	for (unsigned a = x->choice[x->depth]; a < AGENTS; a++) {
		if (!enabled(x->s, here, a))
			continue;
		if (is_pruned(x, a)) {
			skip_pruned(x, a);
			continue;
		}
		x->choice[x->depth] = (u8)(a + 1);
		x->order[x->depth] = AGENT_LETTERS[a];
		here[1] = *here;
		advance(x->s, &here[1], a);
		x->choice[++x->depth] = 0;
		x->blocked[x->depth] = 0;
		x->led[x->depth] = false;
		return true;
	}
	return false;
}

/* One step back; false at the beginning. */
static bool back(struct search *x, struct orders *count)
{
	bool led = x->led[x->depth];

	if (!led && !finished(x->s, &x->path[x->depth])) {
		count->stuck++;
		led = true; /* told once */
	}
	if (!x->depth)
		return false;
	x->led[--x->depth] |= led;
	return true;
}

struct orders orders_each(const struct scenario *s, enum orders_pruning pruning, order_fn *each,
			  void *arg)
{
	static struct search x;
	struct orders count = { 0 };
	int result;

	x.s = s;
	x.prune = pruning == ORDERS_PRUNED;
	x.depth = 0;
	x.path[0] = (struct at){ 0 };
	x.choice[0] = x.blocked[0] = 0;
	x.led[0] = false;
	if (finished(s, &x.path[0])) {
		each(arg, "");
		return (struct orders){ .complete = 1 };
	}
	do {
		while (deeper(&x)) {
			if (!finished(s, &x.path[x.depth]))
				continue;
			x.order[x.depth] = 0;
			result = each(arg, x.order);
			if (result == ORDERS_STOP) {
				count.complete++;
				return count;
			}
			if (result >= 0) {
				/* Whatever begins like this blocks there: another agent's turn. */
				count.blocked++;
				x.depth = (unsigned)result;
				x.blocked[x.depth] |= (u8)(1u << agent_of(x.order[x.depth]));
				continue;
			}
			count.complete++;
			x.led[x.depth] = true;
			break;
		}
	} while (back(&x, &count));
	return count;
}

enum { COUNTED_MAX = 1 << 15 };

/* Which state of all agents' places this is, among those there can be. */
static u32 number(const struct scenario *s, const struct at *at)
{
	u32 n = 0;

	for (unsigned a = 0; a < AGENTS; a++)
		n = n * (s->agents[a].count + 1u) + at->next[a];
	return n;
}

/* Orders from here to the end; what is known of flags and locks follows from the agents' places. */
static u64 count_from(const struct scenario *s, const struct at *at, u64 *known)
{
	u64 *here = &known[number(s, at)], n = 0;

	if (finished(s, at))
		return 1;
	if (*here)
		return *here - 1;
	for (unsigned a = 0; a < AGENTS; a++)
		if (enabled(s, at, a)) {
			struct at t = *at;

			advance(s, &t, a);
			n += count_from(s, &t, known);
		}
	*here = n + 1;
	return n;
}

u64 orders_count(const struct scenario *s)
{
	static u64 known[COUNTED_MAX];
	u64 states = 1;

	for (unsigned a = 0; a < AGENTS; a++)
		states *= s->agents[a].count + 1u;
	if (states > COUNTED_MAX)
		return 0;
	memset(known, 0, states * sizeof *known);
	return count_from(s, &(struct at){ 0 }, known);
}

static bool asks(const struct claim *c)
{
	static const char word[] = "after(";

	for (const char *p = c->is_seen ? c->text : ""; *p; p++)
		if (!strncmp(p, word, sizeof word - 1))
			return true;
	return false;
}

bool orders_matter(const struct scenario *s)
{
	bool any = asks(&s->shows) || asks(&s->fact.claim);

	for (unsigned i = 0; i < CLAIMS; i++)
		any |= asks(&s->forbid[i]) || asks(&s->allow[i]);
	for (unsigned i = 0; i < CONTROLS; i++)
		any |= asks(&s->control[i].shows);
	return any;
}
