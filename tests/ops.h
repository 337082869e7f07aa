#pragma once
#include "tests/scenario.h"

/*
 * The steps of listings: one architectural event each. A refused access is a value (BLOCKED), not an
 * end. `to` is an observation, or nothing. Executed on the agent's own CPU; a device's by the CPU that
 * drives the run. Catalogue 1.3 has the names in brackets.
 */
#define OPS(op)                                                                                    \
	op(load)	   /* (LD)  place, to: what the CPU reads */                               \
	op(load_mark)	   /*       place, to: MARK() of the frame that the CPU reads */           \
	op(store)	   /* (ST)  place, symbol, to */                                           \
	op(copy)	   /* (COPY) frame, frame: by alias; marks stay */                         \
	op(pte_clear)	   /* (XCHG pA,0) place */                                                 \
	op(pte_set)	   /* (WRP)  place, frame, rights */                                       \
	op(cpu_flush)	   /* (SHOOT) place: INVLPG on every CPU of the run, acknowledged */       \
	op(iommu_queue)	   /* (QI)  place: PASID-based IOTLB invalidation into the queue */        \
	op(iommu_wait)	   /* (QW)  wait descriptor and its status word */                         \
	op(iommu_flush)	   /* (Q)   place: both */                                                 \
	op(dma_read)	   /* (DR)  place, to */                                                   \
	op(dma_read_mark)  /*       place, to: MARK() of the frame that the device reads */        \
	op(dma_write)	   /* (DW)  place, symbol, to: LANDED or BLOCKED */                        \
	op(lock)	   /* (LOCK) number */                                                     \
	op(unlock)                                                                                 \
	op(tell)	   /* agent: the flag that heed waits for; a release */                    \
	op(heed)	   /* agent: blocks until told by it; an acquire */

#define OP_PROTOTYPE(name) op_fn op_##name;
OPS(OP_PROTOTYPE)
#undef OP_PROTOTYPE
