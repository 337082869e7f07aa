/* Pure: every order of a scenario, depth first. */
#include "tests/orders.h"
#include "kernel/string.h"

/* What decides whether a step may run, after some steps; no padding, as it is compared. */
struct at {
	u8 next[AGENTS];
	u8 told[AGENTS];      /* by an agent: set of agents */
	u8 holder[LOCKS];     /* agent + 1 */
	u8 masked;            /* set of CPU agents between cli and sti */
	u8 grace[CPU_AGENTS]; /* whom of those an agent's grace period waits for */
	u8 asked[CPU_AGENTS]; /* who has not answered an agent's request yet */
	u8 word[WORDS];
	u8 vague; /* set of words that a guarded step changes: of them nothing is known */
};

static bool changes_word(const struct step *st)
{
	return st->op == OP_word_set || st->op == OP_word_add;
}

static struct at beginning(const struct scenario *s)
{
	struct at at = { 0 };

	memcpy(at.word, s->words, sizeof at.word);
	for (unsigned a = 0; a < AGENTS; a++)
		for (unsigned i = 0; i < s->agents[a].count; i++) {
			const struct step *st = &s->agents[a].steps[i];

			if (st->if_saw && changes_word(st))
				at.vague |= (u8)(1u << st->a % WORDS);
		}
	return at;
}

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
	case OP_word_wait:
		return !(at->vague & 1u << st->a % WORDS) &&
		       at->word[st->a % WORDS] % COUNTS != st->b;
	case OP_ipi_wait:
		return at->asked[agent % CPU_AGENTS];
	case OP_rcu_wait:
		return at->grace[agent % CPU_AGENTS];
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
		for (unsigned a = 0; a < CPU_AGENTS; a++) {
			at->asked[a] &= at->masked;
			at->grace[a] &= at->masked;
		}
		break;
	case OP_ipi:
		if (!st->if_saw)
			at->asked[agent % CPU_AGENTS] |= at->masked & (u8) ~(1u << agent);
		break;
	case OP_rcu_start:
		at->grace[agent % CPU_AGENTS] = st->if_saw ? 0 : at->masked & (u8) ~(1u << agent);
		break;
	case OP_word_set:
		at->word[st->a % WORDS] = (u8)st->b;
		break;
	case OP_word_add:
		at->word[st->a % WORDS] += (u8)st->b;
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
	x.path[0] = beginning(s);
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

/* By what steps block. */
enum { BY_FLAG = 1, BY_LOCK = 2, BY_MASK = 4, BY_WORD = 8, BY_RUN = 16 /* known to a run only */ };

static u8 waits_for(unsigned op)
{
	static const u8 by[OP_COUNT] = {
		[OP_heed] = BY_FLAG,         [OP_lock] = BY_LOCK,     [OP_cpu_flush] = BY_MASK,
		[OP_ipi_wait] = BY_MASK,     [OP_rcu_wait] = BY_MASK, [OP_word_wait] = BY_WORD,
		[OP_page_response] = BY_RUN, [OP_page_wait] = BY_RUN, [OP_ref_wait] = BY_RUN,
	};

	return by[op];
}

static u8 decides(unsigned op)
{
	static const u8 by[OP_COUNT] = {
		[OP_tell] = BY_FLAG,     [OP_unlock] = BY_LOCK,    [OP_cli] = BY_MASK,
		[OP_sti] = BY_MASK,      [OP_rcu_start] = BY_MASK, [OP_ipi] = BY_MASK,
		[OP_word_set] = BY_WORD, [OP_word_add] = BY_WORD,
	};

	return by[op];
}

SELDOM bool orders_known(const struct scenario *s)
{
	u8 guarded = BY_RUN, waits = 0, decided = 0;

	for (unsigned a = 0; a < AGENTS; a++)
		for (unsigned i = 0; i < s->agents[a].count; i++) {
			const struct step *st = &s->agents[a].steps[i];

			waits |= waits_for(st->op);
			decided |= decides(st->op);
			if (st->if_saw)
				guarded |= waits_for(st->op) | decides(st->op);
		}
	/* Where nobody turns interrupts off, nobody waits for that. */
	if (!(decided & BY_MASK))
		waits &= (u8)~BY_MASK;
	return !(waits & guarded);
}

/* How many orders lead from there to the end, plus 1; 0: a slot that is free. Not all are used, so that one can be found. */
enum { SLOTS = 1 << 14, COUNTED_MAX = SLOTS - SLOTS / 8 };
static struct {
	struct at at;
	u64 orders;
} counted[SLOTS];
static unsigned counted_so_far;

static unsigned slot(const struct at *at)
{
	const u8 *bytes = (const u8 *)at;
	u32 n = 0;

	for (unsigned i = 0; i < sizeof *at; i++)
		n = (n ^ bytes[i]) * 0x01000193;
	n ^= n >> 15;
	while (counted[n %= SLOTS].orders && memcmp(&counted[n].at, at, sizeof *at) != 0)
		n++;
	return n;
}

static u64 count_from(const struct scenario *s, const struct at *at)
{
	u64 n = counted[slot(at)].orders;

	if (n || finished(s, at))
		return n ? n - 1 : 1;
	if (counted_so_far == COUNTED_MAX)
		return 0;
	for (unsigned a = 0; a < AGENTS; a++)
		if (enabled(s, at, a)) {
			struct at t = *at;

			advance(s, &t, a);
			n += count_from(s, &t);
		}
	if (counted_so_far == COUNTED_MAX)
		return 0;
	counted_so_far++;
	unsigned free_one = slot(at);
	counted[free_one].at = *at;
	counted[free_one].orders = n + 1;
	return n;
}

u64 orders_count(const struct scenario *s)
{
	struct at at = beginning(s);

	memset(counted, 0, sizeof counted);
	counted_so_far = 0;
	return count_from(s, &at);
}

static bool asks(const struct claim *c)
{
	static const char word[] = "after(";

	for (const char *p = c ? c->text : ""; *p; p++)
		if (!strncmp(p, word, sizeof word - 1))
			return true;
	return false;
}

SELDOM bool orders_matter(const struct scenario *s)
{
	bool any = asks(s->shows) || asks(s->fact.claim);

	for (unsigned i = 0; i < CLAIMS; i++)
		any |= asks(s->forbid[i]) || asks(s->allow[i]);
	for (unsigned i = 0; i < CONTROLS; i++)
		any |= asks(s->control[i].shows);
	return any;
}
