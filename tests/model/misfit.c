/* Pure: what an agent cannot do in a scenario, step by step, in words. */
#include "tests/model/state.h"

/* What the letters of op_info.arguments stand for: below what, or else what is wrong. */
static const struct {
	char letter;
	u8 below;
	const char *otherwise;
} arguments[] = {
	{ 'p', PLACES, "there is no such place" },
	{ 'P', ADDRESSES, "there is no such place" },
	{ 'f', FRAMES, "there is no such frame" },
	{ 'o', OBSERVATIONS, "there is no such observation" },
	{ 's', FRAME_MARKS, "there is no such symbol" },
	{ 'r', SUPERVISOR_RX + 1, "there are no such rights" },
	{ 'w', WORDS, "there is no such word" },
	{ 'v', COUNTS, "a word cannot hold that" },
	{ 'l', LOCKS, "there is no such lock" },
	{ 'T', TABLES, "there is no such table" },
	{ 'k', KEEP + 1, "what is cached is dropped or kept" },
	{ 'i', INVPCID_TYPES, "there is no such type of INVPCID" },
	{ 'L', LARGE + 1, "there is no such table" },
	{ 'K', BAD_KINDS, "there is no such mistake" },
	{ 'W', DISCARD + 1, "there is no such way to wait" },
	{ 'S', SCOPES, "there is no such scope" },
	{ 'c', RESPONSES, "there is no such response" },
	{ 'b', BLOCK_ORDERS, "a block has at most 512 pages" },
	{ 'a', AGENTS, "there is no such agent" },
	{ 't', SWAP + 1, "there is no such tag" },
};

/* Where there is a mirror: who walks what, and an entry of it has neither A nor D. */
static const char *mirror_misfit(const struct step *st)
{
	switch (st->op) {
	case OP_load:
	case OP_load_mark:
	case OP_store:
	case OP_fetch:
	case OP_invlpg:
	case OP_cpu_flush:
	case OP_ipi:
	case OP_broadcast:
		return st->a == MIRROR ? "no CPU walks the mirror" : NULL;
	case OP_pte_dirty:
	case OP_pte_accessed:
	case OP_pte_clear_dirty:
	case OP_pte_clean:
	case OP_pte_age:
		return st->a == MIRROR ? "an entry of the mirror has neither A nor D" : NULL;
	case OP_iommu_queue:
	case OP_iommu_queue_leaf:
	case OP_iommu_queue_no_drain:
	case OP_iommu_queue_block:
	case OP_iommu_select:
	case OP_iommu_flush:
	case OP_dtlb_queue:
	case OP_dtlb_queue_block:
	case OP_dma_read:
	case OP_dma_read_mark:
	case OP_dma_write:
	case OP_ats_request:
	case OP_ats_request_write:
	case OP_ats_read:
	case OP_ats_write:
	case OP_ats_ask:
	case OP_ats_post:
		return st->a != MIRROR ? "devices walk the mirror, and nothing else" : NULL;
	default:
		return NULL;
	}
}

/* The page beside A is there to be accessed, and to be dropped with A. */
static const char *beside_misfit(const struct step *st)
{
	switch (st->op) {
	case OP_dma_read:
	case OP_dma_read_mark:
	case OP_dma_write:
		return NULL;
	case OP_entry_root:
		return st->a == ELSEWHERE ? "a stranger has page A alone" : NULL;
	case OP_entry_domain:
	case OP_entry_wipe:
		return "the domain id stays";
	default:
		return op_info(st->op)->arguments[0] == 'p' && st->a == B
			       ? "page B is for E's accesses alone"
			       : NULL;
	}
}

/* Where E's entry changes: the same, but that E's accesses are of A and go by the entry, and invalidations are by domain id. */
const char *entry_misfit(const struct scenario *s, unsigned agent, const struct step *st)
{
	if (s->beside && beside_misfit(st))
		return beside_misfit(st);
	switch (st->op) {
	case OP_dma_read:
	case OP_dma_read_mark:
	case OP_dma_write:
	case OP_ats_request:
	case OP_ats_request_write:
	case OP_ats_read:
	case OP_ats_write:
		return agent != E || (st->a != A && !s->beside) ? "E alone does DMA, to A" : NULL;
	case OP_iommu_queue:
	case OP_iommu_queue_leaf:
	case OP_iommu_queue_no_drain:
	case OP_iommu_select:
	case OP_iommu_flush:
		return NULL;
	case OP_pte_clean:
	case OP_pte_age:
		return "D and A stay set";
	case OP_dtlb_queue:
		return st->a != A ? "the device has page A as A" : NULL;
	default:
		if (op_info(st->op)->is & NO_CPU)
			return "the device has nothing on its way";
		if (op_info(st->op)->is & BY_TABLES)
			return s->tables ? NULL : "the scenario has no tables";
		if (s->tables && op_info(st->op)->is & BY_ENTRY && st->a == B)
			return "the entry leads to the CPUs' tables, or to none";
		if (op_info(st->op)->is & BY_BLOCK)
			return "the device knows one page";
		return op_info(st->op)->is & BY_ENTRY ? NULL : mirror_misfit(st);
	}
}

/* Where E2 has an entry of its own: an access goes by what its agent knows the page as; to invalidate is for both. */
static const char *domain_misfit(unsigned agent, const struct step *st)
{
	switch (st->op) {
	case OP_iommu_queue:
	case OP_iommu_queue_leaf:
	case OP_iommu_queue_no_drain:
	case OP_iommu_select:
	case OP_iommu_flush:
		return NULL;
	case OP_space_load:
	case OP_invpcid:
		return "CPUs load one address space";
	case OP_dtlb_queue:
	case OP_dtlb_queue_block:
		return "devices with a device TLB have the same tags";
	default:
		break;
	}
	if (op_info(st->op)->is & NO_CPU)
		return "devices with a device TLB have the same tags";
	if ((op_info(st->op)->arguments[0] | ' ') == 'p' && st->a != (agent == E2 ? B : A))
		return "the page is B for E2, and A for all others";
	return NULL;
}

/* Arguments of steps index memory: each in its range. */
const char *misfit(const struct scenario *s, unsigned agent, const struct step *st)
{
	const struct op_info *op = st->op < OP_COUNT ? op_info(st->op) : NULL;
	const u64 given[] = { st->a, st->b, st->c };

	if (!op || !op->arguments)
		return "the model does not know this step";
	if (agent >= CPU_AGENTS && !(op->is & DEVICE))
		return "a device cannot do this step";
	if (agent < CPU_AGENTS && op->is & NO_CPU)
		return "only a device can do this step";
	if (op->is & BY_TABLES && !s->tables)
		return "the scenario has no tables";
	if (op->is & BY_BLOCK && !s->block)
		return "nobody says which pages of a block the places are";
	if (two_requesters(s->spaces) && domain_misfit(agent, st))
		return domain_misfit(agent, st);
	if (s->spaces && !two_requesters(s->spaces) && agent >= CPU_AGENTS)
		return "devices walk one address space";
	if (op->arguments[0] == 'P' && st->a == ELSEWHERE && !s->tables && !s->entry)
		return "where there are no tables nothing is to be seen of that";
	if ((s->spaces == TWO_PCIDS || s->apart) && st->op >= OP_pte_read && st->op <= OP_pte_age &&
	    st->a == B)
		return "the entry is A's";
	if ((s->apart || s->spaces) && (st->op == OP_table_leaf || st->op == OP_table_read) &&
	    st->b == B)
		return "the entry is A's";
	if (s->spaces && op->is & BY_TABLES && op->arguments[0] == 'p' && st->a == B)
		return "the PDE is A's";
	if (s->apart && st->op == OP_invpcid)
		return "upper levels of one address are not told from another's";
	if (s->apart && agent >= CPU_AGENTS && op->is & NO_CPU)
		return "devices with a device TLB do not walk two directories here";
	if ((st->op == OP_pde_set || st->op == OP_pde_exchange) && st->b == LARGE && !s->large)
		return "the scenario has no large page";
	if (s->large &&
	    (st->op == OP_table_reuse || st->op == OP_pte_set || st->op == OP_pte_exchange))
		return "what a large page maps is mapped by nothing else";
	if (s->large && agent >= CPU_AGENTS && op->is & NO_CPU)
		return "devices with a device TLB do not have large pages here";
	if (st->op == OP_pte_wrprotect && s->maps[st->a % PLACES].rights == RW_SPECIAL)
		return "a special entry is not write-protected";
	if (op->is & BY_ENTRY && !s->entry)
		return "the device's entry does not change here";
	if (s->entry && entry_misfit(s, agent, st))
		return entry_misfit(s, agent, st);
	if (s->mirror && mirror_misfit(st))
		return mirror_misfit(st);
	if (st->op == OP_leave_mm && (st->if_saw || s->spaces))
		return "who leaves the only space does so for certain";
	if (st->no >= STEPS_MAX)
		return "too many steps";
	if (st->if_saw >= OBSERVATIONS)
		return "there is no such observation";
	for (unsigned i = 0; op->arguments[i]; i++)
		for (unsigned k = 0; k < ARRAY_SIZE(arguments); k++)
			if (arguments[k].letter == op->arguments[i] &&
			    given[i] >= arguments[k].below)
				return arguments[k].otherwise;
	return NULL;
}
