/* What a run learns from its listings. */
#include "tests/run_parts.h"

static bool is_access(unsigned op)
{
	return op <= OP_fetch || op == OP_dma_read || op == OP_dma_read_mark ||
	       op == OP_dma_write || op == OP_dtlb_queue || op == OP_dtlb_queue_block ||
	       op == OP_ats_request || op == OP_ats_request_write || op == OP_ats_read ||
	       op == OP_ats_write || op == OP_ats_ask || op == OP_ats_post;
}

static void learn_listing(struct run *run, unsigned agent, const struct agent *a, bool warm)
{
	for (unsigned i = 0; i < a->count; i++) {
		const struct step *st = &a->steps[i];

		if (is_access(st->op) || (st->op >= OP_pte_read && st->op <= OP_iommu_flush))
			run->places |= (u8)(1u << st->a % PLACES);
		run->posts |= st->op == OP_ats_ask || st->op == OP_ats_post;
		run->warm_writes |= warm && (st->op == OP_store || st->op == OP_store_once ||
					     st->op == OP_dma_write || st->op == OP_ats_write);
		if (!warm && step_to(st))
			run->maker[step_to(st)] = (u8)agent;
	}
}

void run_learn(struct run *run)
{
	const struct scenario *s = run->scenario;

	run->places = 0;
	run->warm_writes = run->posts = false;
	for (unsigned o = 0; o < OBSERVATIONS; o++)
		run->maker[o] = AGENTS;
	for (unsigned p = 0; p < PLACES; p++)
		run->places |= s->tables || s->maps[p].rights ? (u8)(1u << p) : 0;
	for (unsigned a = 0; a < AGENTS; a++) {
		learn_listing(run, a, &s->agents[a], false);
		learn_listing(run, a, &s->warm[a], true);
	}
}
