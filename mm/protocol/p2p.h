#pragma once
#include "mm/protocol/gather.h"

/*
 * Pages of a device mapped by their frame number, without a reference: P2PDMA, fsdax, device-dax. A flag says that they may be
 * mapped: Logan Gunthorpe's active flag of p2pmem, dax_alive() in drivers/dax/. Taken away are they by clearing it, by
 * unmap_mapping_range(), and then the frame means something else; of device-dax it never does.
 */

/* 1 step: who looks from now on maps nothing; who has looked may be about to. Before anything is unmapped. */
#define kill_dax(step, n, active) step(n, word_set, active, 0)

/* 1 step: another meaning for the frame. After every flush. */
#define p2p_recycle(step, n, frame) step(n, reuse, frame)

/* 7 steps: all of it. No locks are held. */
#define p2p_unbind(step, n, active, place, frame, ptl) \
	kill_dax(step, n, active)                      \
	unmap_mapping_range(step, (n) + 1, place, ptl) \
	p2p_recycle(step, (n) + 6, frame)

/* clang-format off */
/* 4 steps: a fault maps the page if the flag is there still, under the page-table lock that unmapping takes. */
#define p2p_fault(step, n, active, seen, place, frame, ptl) \
	step(n, lock, ptl)                                  \
	step((n) + 1, word_read, active, seen)              \
	step##_if((n) + 2, seen, COUNT(1), pte_set, place, frame, RW) \
	step((n) + 3, unlock, ptl)

/* 4 steps: by what it saw before it had the lock. */
#define p2p_fault_looks_once(step, n, active, seen, place, frame, ptl) \
	step(n, word_read, active, seen)                    \
	step((n) + 1, lock, ptl)                            \
	step##_if((n) + 2, seen, COUNT(1), pte_set, place, frame, RW) \
	step((n) + 3, unlock, ptl)
/* clang-format on */
