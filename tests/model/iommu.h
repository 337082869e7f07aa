#pragma once
#include "tests/model/state.h"

/* Execute the descriptor at this place in the queue, if it can be now. */
bool queue_execute(const struct explorer *x, struct state *t, unsigned at);

static inline bool step_is_dma(const struct step *st)
{
	return st->op == OP_dma_read || st->op == OP_dma_read_mark || st->op == OP_dma_write;
}
