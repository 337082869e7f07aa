/* Pure: every order of a scenario, depth first. */
#include "tests/orders.h"
#include "kernel/string.h"
#include "tests/at.h"

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

	return agent < last && at_enabled(x->s, before, agent) &&
	       independent(x->s, last, at_next(x->s, before, last), agent,
			   at_next(x->s, before, agent));
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
		if (!at_enabled(x->s, here, a))
			continue;
		if (is_pruned(x, a)) {
			skip_pruned(x, a);
			continue;
		}
		x->choice[x->depth] = (u8)(a + 1);
		x->order[x->depth] = AGENT_LETTERS[a];
		here[1] = *here;
		at_advance(x->s, &here[1], a);
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

	if (!led && !at_finished(x->s, &x->path[x->depth])) {
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
	x.path[0] = at_beginning(s);
	x.choice[0] = x.blocked[0] = 0;
	x.led[0] = false;
	if (at_finished(s, &x.path[0])) {
		each(arg, "");
		return (struct orders){ .complete = 1 };
	}
	do {
		while (deeper(&x)) {
			if (!at_finished(s, &x.path[x.depth]))
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
