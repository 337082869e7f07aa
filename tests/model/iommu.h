#pragma once
#include "tests/model/steps.h"

/* Execute the descriptor at this place in the queue, if it can be now. */
bool queue_execute(const struct explorer *x, struct state *t, unsigned at);

/* Entries of a place go, and walks that have read its old PTE begin again. */
void iommu_forgets(const struct explorer *x, struct state *t, unsigned place, bool leaf);

/* A unit that stores A and D late does so before it invalidates anything. */
bool iommu_is_marking(const struct explorer *x, const struct state *s);

/* Put one there; a unit that is asked executes at once if it is of that kind. False: not now, or no room. */
bool queue_put(struct explorer *x, struct state *t, u8 descriptor);

/* What the unit refuses is taken out, and all that is behind it if it says so; the unit goes on. False: there is none. */
bool queue_mend(struct explorer *x, struct state *t, bool discard);

/* From the IOTLB or by a walk: then() is told each entry that it may be, 0 where it is refused. */
typedef void translated_fn(struct explorer *x, const struct state *s, unsigned agent,
			   const struct step *st, u8 used);
void iommu_translates(struct explorer *x, const struct state *s, unsigned agent,
		      const struct step *st, translated_fn *then);

/* Is a place a page of the block that a step names? */
static inline bool is_in_block(const struct scenario *s, const struct step *st, unsigned place)
{
	return !((s->page[st->a] ^ s->page[place]) >> st->b);
}

/* What a device has on its way arrives. */
void device_lands(const struct explorer *x, struct state *t, unsigned device);

/* What is translated becomes visible, and the step ends. */
void device_commits(struct state *t, unsigned agent, const struct step *st, u8 used);

static inline bool step_is_dma(const struct step *st)
{
	return st->op == OP_dma_read || st->op == OP_dma_read_mark || st->op == OP_dma_write;
}
static inline bool step_is_request(const struct step *st)
{
	return st->op == OP_ats_request || st->op == OP_ats_request_write || st->op == OP_ats_ask;
}
static inline bool step_is_translated(const struct step *st)
{
	return st->op == OP_ats_read || st->op == OP_ats_write;
}
static inline bool is_translated(const struct state *s, unsigned agent)
{
	return s->phase[agent] == DMA_TRANSLATED || s->phase[agent] == DMA_DRAINED;
}
/* It may be in the middle of a walk of the IOMMU. */
static inline bool step_walks(const struct step *st)
{
	return step_is_dma(st) || step_is_request(st);
}
