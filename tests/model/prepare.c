/* Pure: what is known of a scenario before its first step, and whether it can be executed. */
#include "kernel/string.h"
#include "tests/model/touch.h"

/* Does another agent make this observation? */
static bool is_foreign(const struct explorer *x, unsigned agent, u64 observation)
{
	for (unsigned a = 0; observation && a < AGENTS; a++)
		for (unsigned i = 0; a != agent && i < x->s->agents[a].count; i++)
			if (step_to(&x->s->agents[a].steps[i]) == observation)
				return true;
	return false;
}

/* Guards, and steps on what was seen, are of what their own agent saw. */
static bool uses_foreign(const struct explorer *x, unsigned agent, const struct step *st)
{
	const char *letters = op_info(st->op)->arguments;
	const u64 given[] = { st->a, st->b, st->c };
	bool any = is_foreign(x, agent, st->if_saw);

	for (unsigned i = 0; i < ARRAY_SIZE(given) && letters[i]; i++)
		any |= letters[i] == 'o' && is_foreign(x, agent, given[i]);
	return any;
}

static bool changes_pte(unsigned op)
{
	return op == OP_pte_set || op == OP_pte_clear || op == OP_pte_clear_dirty ||
	       op == OP_pte_exchange || op == OP_pte_fill || op == OP_pte_tag ||
	       op == OP_pte_wrprotect || op == OP_pte_clean || op == OP_pte_age;
}

static bool changes_table(unsigned op)
{
	return op == OP_table_leaf || op == OP_table_reuse || op == OP_pde_clear ||
	       op == OP_pde_set || op == OP_pde_exchange;
}

static void check(struct explorer *x, unsigned agent, const struct agent *a)
{
	for (unsigned i = 0; i < a->count; i++) {
		const struct step *st = &a->steps[i];
		const char *sentence = misfit(x->s, agent, st);

		if (!sentence && st->op == OP_leave_mm && a == &x->s->warm[agent])
			sentence = "the warm-up is in the space";
		if (sentence)
			wrong(x, agent, st, sentence);
		else if (a == &x->s->agents[agent] && uses_foreign(x, agent, st))
			wrong(x, agent, st, "another agent makes that observation too");
		else if (changes_pte(st->op))
			x->places |= only((unsigned)st->a);
		if (!sentence && (st->op == OP_pte_age || st->op == OP_pte_clean))
			x->marked |= only((unsigned)st->a);
		if (!sentence && op_info(st->op)->is & TRANSLATES)
			x->translates = true;
		x->codes |= st->op == OP_fault_code;
		if (!sentence && st->op == OP_queue_refused)
			x->refuses = true;
		if (!sentence && changes_table(st->op))
			x->places = (u16)(only(PLACES) - 1);
		if (!sentence && st->op == OP_table_reuse)
			x->marked = x->aged = (u16)(only(PLACES) - 1);
		if (!sentence && st->op == OP_pte_age)
			x->aged |= only((unsigned)st->a);
	}
}

/* Two places at one address, or with one leaf: whatever is said of one may be about both. */
static void check_spaces(struct explorer *x)
{
	const struct scenario *s = x->s;

	if (s->unsnooped && (s->tables || s->entry || s->spaces || x->marked))
		wrong(x, AGENTS, NULL,
		      "walks that do not snoop: of one leaf each, with A and D set");
	if (s->large && !s->tables)
		wrong(x, AGENTS, NULL, "a large page without tables to split it into");
	if (s->apart && (!s->tables || s->large || s->maps[B].rights))
		wrong(x, AGENTS, NULL,
		      "places apart without tables, with a large page, or B mapped");
	if (s->spaces && (s->spaces > TWO_PASIDS || s->mirror))
		wrong(x, AGENTS, NULL, "address spaces that do not exist, or with a mirror");
	if (s->spaces && s->tables && (!one_entry(s->spaces) || s->apart || s->large || s->global))
		wrong(x, AGENTS, NULL,
		      "two spaces with tables of their own, or with a large or a global page");
	if (one_entry(s->spaces) && (s->maps[B].rights || s->global & GLOBAL(B)))
		wrong(x, AGENTS, NULL, "the entry is A's");
	if (s->block && (s->block & (s->block - 1u) || s->block >= 1u << BLOCK_ORDERS || s->apart ||
			 s->spaces || s->page[A] == s->page[B] || s->page[A] >= s->block ||
			 s->page[B] >= s->block))
		wrong(x, AGENTS, NULL, "places that are no two pages of a block");
	if (!s->spaces && !s->apart)
		return;
	x->places = (u16)(only(PLACES) - 1);
	x->marked = x->marked ? x->places : 0;
	x->aged = x->aged ? x->places : 0;
}

static void check_start(struct explorer *x)
{
	if (x->s->entry && (x->s->mirror || x->s->spaces || x->s->p2p || x->s->apart ||
			    x->s->large || x->s->maps[A].state != LEAF_USED))
		wrong(x, AGENTS, NULL, "the device's entry leads to two tables, with A and D set");
	if (x->s->entry && x->s->tables && (x->s->beside || x->s->absence || x->s->maps[B].rights))
		wrong(x, AGENTS, NULL, "with tables the device's entry leads to those, and to A");
	if (x->s->beside && !x->s->entry)
		wrong(x, AGENTS, NULL, "a page beside A is where the device's entry changes");
	if (x->s->beside)
		x->marked = only(A) | only(B);
	if (x->s->absence && (!(x->s->mirror || x->s->tables || x->s->entry) || x->s->apart ||
			      x->s->spaces || x->s->large || x->s->beside))
		wrong(x, AGENTS, NULL,
		      "absence is cached of one page: its leaf in a mirror, its table, or the device's entry");
	if (has_mirror(x->s) &&
	    ((x->s->tables && !x->s->entry) || x->s->maps[MIRROR].state != LEAF_USED))
		wrong(x, AGENTS, NULL, "a mirror has no tables of the CPUs', and neither A nor D");
	for (unsigned p = 0; p < PLACES; p++) {
		if (x->s->maps[p].frame >= FRAMES || x->s->maps[p].rights > SUPERVISOR_RX)
			wrong(x, AGENTS, NULL,
			      "a place starts with a frame or rights that do not exist");
		if (x->s->maps[p].state != LEAF_USED) {
			x->places |= only(p);
			x->marked |= only(p);
		}
		if (x->s->maps[p].state == LEAF_FRESH)
			x->aged |= only(p);
	}
	for (unsigned f = 0; f < FRAMES; f++)
		if (x->s->refs[f] > REF_MAX)
			wrong(x, AGENTS, NULL, "too many references");
	for (unsigned w = 0; w < WORDS; w++)
		if (x->s->words[w] >= COUNTS)
			wrong(x, AGENTS, NULL, "a word cannot hold that");
}

/* The letters become agents; positions are counted from 1. */
static void take_order(struct explorer *x)
{
	u8 next[AGENTS] = { 0 }, position = 0;

	for (const char *p = x->q->order; p && *p; p++) {
		if (*p == ' ')
			continue;
		const char *letter = strchr(AGENT_LETTERS, *p);
		unsigned a = letter ? (unsigned)(letter - AGENT_LETTERS) : AGENTS;

		if (a == AGENTS || next[a] >= x->s->agents[a].count) {
			wrong(x, a, NULL, "the order has a letter without a step");
			return;
		}
		x->order[x->length++] = (u8)a;
		x->seen.when[a][x->s->agents[a].steps[next[a]++].no] = ++position;
	}
	for (unsigned a = 0; x->q->order && a < AGENTS; a++)
		if (next[a] != x->s->agents[a].count)
			wrong(x, a, NULL, "the order leaves out steps");
}

/* Does an agent look at memory in its step i, or later before it fences for certain? */
static bool looks_from(const struct explorer *x, unsigned agent, unsigned i)
{
	const struct agent *a = &x->s->agents[agent];

	for (; i < a->count; i++) {
		u16 is = op_info(a->steps[i].op)->is;

		if (is & LOOKS)
			return true;
		if (is & FENCES && !a->steps[i].if_saw)
			return false;
	}
	return false;
}

bool prepare(struct explorer *x)
{
	check_start(x);
	for (unsigned a = 0; a < AGENTS; a++) {
		check(x, a, &x->s->agents[a]);
		check(x, a, &x->s->warm[a]);
	}
	check_spaces(x);
	if (!x->result.wrong)
		take_order(x);
	for (unsigned a = 0; a < AGENTS && !x->result.wrong; a++)
		for (unsigned i = 0; i < x->s->agents[a].count; i++)
			if (looks_from(x, a, i))
				x->looks[a] |= 1u << i;
	if (!x->result.wrong)
		touch_prepare(x);
	return !x->result.wrong;
}
