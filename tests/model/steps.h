#pragma once
#include "tests/model/state.h"

/* Steps by what executes them: each says to reach() what can follow. */
typedef void move_fn(struct explorer *x, const struct state *s, unsigned agent,
		     const struct step *st);
move_fn move_load, move_store, move_copy, move_reuse, move_pte_clear, move_pte_set, move_invlpg,
	move_cpu_flush, move_lock, move_unlock, move_tell;
move_fn move_iommu_queue, move_iommu_wait, move_iommu_flush, move_dma;

/* Has a step that waits what it waits for? */
typedef bool over_fn(const struct state *s, unsigned agent, const struct step *st);
over_fn over_access, over_cpu_flush, over_iommu_wait, over_iommu_flush, over_heed;
