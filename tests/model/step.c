/* Pure: which step may come next, and what a step needs. */
#include "kernel/string.h"
#include "tests/model/steps.h"

const struct op_info *op_info(unsigned op)
{
	static const struct op_info info[OP_COUNT] = {
		[OP_load] = { .move = move_load, .over = over_access, .looks = true },
		[OP_load_mark] = { .move = move_load, .over = over_access, .looks = true },
		[OP_store] = { .move = move_store, .over = over_access, .looks = true },
		[OP_copy] = { .move = move_copy, .looks = true },
		[OP_reuse] = { .move = move_reuse },
		[OP_pte_clear] = { .move = move_pte_clear, .fences = true },
		[OP_pte_set] = { .move = move_pte_set },
		[OP_invlpg] = { .move = move_invlpg, .fences = true },
		[OP_cpu_flush] = { .move = move_cpu_flush, .over = over_cpu_flush, .fences = true },
		[OP_iommu_queue] = { .move = move_iommu_queue, .fences = true },
		[OP_iommu_wait] = { .move = move_iommu_wait,
				    .over = over_iommu_wait,
				    .fences = true },
		[OP_iommu_flush] = { .move = move_iommu_flush,
				     .over = over_iommu_flush,
				     .fences = true },
		[OP_dma_read] = { .move = move_dma, .fences = true, .device = true },
		[OP_dma_read_mark] = { .move = move_dma, .fences = true, .device = true },
		[OP_dma_write] = { .move = move_dma, .fences = true, .device = true },
		[OP_lock] = { .move = move_lock, .fences = true, .device = true },
		[OP_unlock] = { .move = move_unlock, .device = true },
		[OP_tell] = { .move = move_tell, .device = true },
		[OP_heed] = { .over = over_heed, .looks = true, .device = true },
	};

	return &info[op];
}

static const struct agent *program(const struct explorer *x, const struct state *s, unsigned agent)
{
	return s->warming ? &x->s->warm[agent] : &x->s->agents[agent];
}

const struct step *step_of(const struct explorer *x, const struct state *s, unsigned agent)
{
	const struct agent *a = program(x, s, agent);

	return s->next[agent] < a->count ? &a->steps[s->next[agent]] : NULL;
}

/* Nobody is in the middle of a step, all that was stored is visible. */
static bool is_idle(const struct state *s)
{
	bool idle = true;

	for (unsigned a = 0; a < AGENTS; a++)
		idle &= !s->phase[a] && fenced(s, a);
	return idle;
}

static bool is_last(const struct explorer *x, const struct state *s)
{
	for (unsigned a = 0; a < AGENTS; a++)
		if (step_of(x, s, a))
			return false;
	return is_idle(s);
}

bool is_end(const struct explorer *x, const struct state *s)
{
	return !s->warming && is_last(x, s);
}

/* Whose turn it is in the order; AGENTS where anybody may step. */
static unsigned turn(const struct explorer *x, const struct state *s)
{
	unsigned at = 0;

	for (unsigned a = 0; a < AGENTS; a++)
		if (!s->warming)
			at += s->next[a];
		else if (step_of(x, s, a))
			return a;
	return at < x->length ? x->order[at] : AGENTS;
}

static bool may_start(const struct explorer *x, const struct state *s, unsigned agent)
{
	if (s->phase[agent])
		return true;
	unsigned who = turn(x, s);
	return (who == AGENTS || who == agent) &&
	       (is_idle(s) || (!s->warming && x->q->mode == MODEL_RACING));
}

static bool is_skipped(const struct explorer *x, const struct state *s, unsigned agent)
{
	const struct step *st = step_of(x, s, agent);

	return !s->warming && st && agent == x->q->skip_agent && st->no == x->q->skip_step;
}

/* The end of a wait, and a step left out, are nobody's business: they cost no state. */
static bool passes(const struct explorer *x, const struct state *t, unsigned agent)
{
	const struct step *st = step_of(x, t, agent);

	if (!st)
		return false;
	over_fn *over = op_info(st->op)->over;
	bool ends = over && !(x->q->search & SPELL_WAITS) && over(t, agent, st);
	return (ends || is_skipped(x, t, agent)) && may_start(x, t, agent);
}

static bool pass(const struct explorer *x, struct state *t)
{
	bool any = false;

	for (unsigned a = 0; a < AGENTS; a++)
		if (passes(x, t, a)) {
			step_done(t, a);
			any = true;
		}
	return any;
}

/* Only caches remember the warm-up. */
static void warmed_up(const struct explorer *x, struct state *t)
{
	t->warming = false;
	memset(t->next, 0, sizeof t->next);
	memset(t->saw, NOTHING, sizeof t->saw);
	memcpy(t->word + CONTENT, x->s->content, FRAMES);
}

/* What a cache may have loaded it has: it need not use it, and an invalidation would take either away. */
static void load(const struct explorer *x, struct state *t)
{
	for (unsigned p = 0; p < PLACES; p++) {
		u8 l = t->word[PTE + p];

		if (l && x->p->iotlb.loads)
			t->iotlb[p] |= only(l);
		for (unsigned c = 0; c < CPU_AGENTS && x->p->tlb.loads; c++) {
			l = look(t, c, PTE + p);
			t->tlb[c][p] |= l ? only(l) : 0;
		}
	}
}

void settle(const struct explorer *x, struct state *t)
{
	do {
		if (t->warming && is_last(x, t))
			warmed_up(x, t);
	} while (pass(x, t));
	if (!(x->q->search & SPELL_LOADS))
		load(x, t);
}

void expand(struct explorer *x, const struct state *s)
{
	for (unsigned a = 0; a < AGENTS; a++) {
		const struct step *st = step_of(x, s, a);

		if (!st || !may_start(x, s, a))
			continue;
		const struct op_info *op = op_info(st->op);
		if (a < CPU_AGENTS && s->pending[a][PENDING_MAX - 1].word)
			x->result.complete = false; /* more stores than we have room for */
		else if (op->over && op->over(s, a, st)) {
			struct state t = *s;

			step_done(&t, a);
			reach(x, &t);
		} else if (op->move && (!op->fences || fenced(s, a))) {
			op->move(x, s, a, st);
		}
	}
	cpu_spontaneous(x, s);
	iommu_spontaneous(x, s);
}
