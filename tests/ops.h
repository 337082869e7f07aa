#pragma once
#include "kernel/types.h"

/*
 * The steps of listings: one architectural event each. A refused access is a value (BLOCKED), not an
 * end. `to` is an observation, or nothing. Executed on the agent's own CPU; a device's by the CPU that
 * drives the run. Catalogue 1.3 has the names in brackets. op(name, to): which argument
 * names the observation.
 */
/* clang-format off */
#define OPS(op)                                                                                \
	op(load, 2)          /* (LD) place, to: what the CPU reads */                          \
	op(load_mark, 2)     /* place, to: MARK() of the frame that the CPU reads */           \
	op(store, 3)         /* (ST) place, symbol, to */                                      \
	op(copy, 0)          /* (COPY) frame, frame: by alias; marks stay */                   \
	op(reuse, 0)         /* frame: free, and taken by a stranger who fills it with S */    \
	op(pte_clear, 0)     /* (XCHG pA,0) place */                                           \
	op(pte_set, 0)       /* (WRP) place, frame, rights */                                  \
	op(invlpg, 0)        /* (INVLPG) place: on this CPU only */                            \
	op(cpu_flush, 0)     /* (SHOOT) place: INVLPG on every CPU of the run, acknowledged */ \
	op(iommu_queue, 0)   /* (QI) place: PASID-based IOTLB invalidation into the queue */   \
	op(iommu_wait, 0)    /* (QW) wait descriptor and its status word */                    \
	op(iommu_flush, 0)   /* (Q) place: both */                                             \
	op(dma_read, 2)      /* (DR) place, to */                                              \
	op(dma_read_mark, 2) /* place, to: MARK() of the frame that the device reads */        \
	op(dma_write, 3)     /* (DW) place, symbol, to: LANDED or BLOCKED */                   \
	op(lock, 0)          /* (LOCK) number */                                               \
	op(unlock, 0)        /* (UNLOCK) number */                                             \
	op(tell, 0)          /* agent: the flag that heed waits for; a release */              \
	op(heed, 0)          /* agent: blocks until told by it; an acquire */
/* clang-format on */

#define OP_NUMBER(name, to) OP_##name,
#define OP_TO(name, to)     TO_##name = to,
enum op { OPS(OP_NUMBER) OP_COUNT };
enum { OPS(OP_TO) };
#undef OP_NUMBER
#undef OP_TO
