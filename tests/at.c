/* Pure: what decides whether a step may run, after some steps. */
#include "tests/at.h"
#include "kernel/string.h"

static bool changes_word(const struct step *st)
{
	return st->op == OP_word_set || st->op == OP_word_add;
}

struct at at_beginning(const struct scenario *s)
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

const struct step *at_next(const struct scenario *s, const struct at *at, unsigned agent)
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

bool at_enabled(const struct scenario *s, const struct at *at, unsigned agent)
{
	const struct step *st = at_next(s, at, agent);

	return st && (st->if_saw || !blocks(at, agent, st));
}

void at_advance(const struct scenario *s, struct at *at, unsigned agent)
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

bool at_finished(const struct scenario *s, const struct at *at)
{
	for (unsigned a = 0; a < AGENTS; a++)
		if (at_next(s, at, a))
			return false;
	return true;
}
