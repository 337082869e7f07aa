/* Pure: what of a scenario decides how its orders are to be made: what blocks, and who asks for positions. */
#include "kernel/string.h"
#include "tests/orders.h"

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

bool orders_known(const struct scenario *s)
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

static bool asks(const struct claim *c)
{
	static const char word[] = "after(";

	for (const char *p = c ? c->text : ""; *p; p++)
		if (!strncmp(p, word, sizeof word - 1))
			return true;
	return false;
}

bool orders_matter(const struct scenario *s)
{
	bool any = asks(s->shows) || asks(s->fact.claim);

	for (unsigned i = 0; i < CLAIMS; i++)
		any |= asks(s->forbid[i]) || asks(s->allow[i]);
	for (unsigned i = 0; i < CONTROLS; i++)
		any |= asks(s->control[i].shows);
	return any;
}
