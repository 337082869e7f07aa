#pragma once
#include "kernel/types.h"

/*
 * The steps of listings: one architectural event each, executed on the agent's own CPU; a device's by a CPU that is
 * at hand. A refused access is a value (BLOCKED), not an end. Catalogue 1.3 has the names in brackets.
 * op(name, to, kind): `to`, which argument names the observation; kind, enum op_kind.
 */
/* clang-format off */
#define OPS(op)                                                                                          \
	/* accesses by a place */                                                                                  \
	op(load, 2, WATCH)            /* (LD) place, to: what the CPU reads */                                     \
	op(load_mark, 2, WATCH)       /* place, to: MARK() of the frame that the CPU reads */                      \
	op(store, 3, WATCH)           /* (ST) place, symbol, to: LANDED or BLOCKED */                              \
	op(store_once, 3, WATCH)      /* place, symbol, to: without a second try, so BLOCKED by a stale entry too */  \
	op(fetch, 2, WATCH)           /* place, to: of an instruction, by a user (ring 3): YES or BLOCKED */         \
	op(fault_code, 2, WATCH)      /* observation, to: if that is BLOCKED, COUNT() of the FAULT_ bits of this CPU's last #PF */ \
	op(fence, 0, PROTECT)         /* MFENCE */                                                                 \
	/* frames, by an alias that no test changes */                                                             \
	op(copy, 0, ACT)              /* (COPY) frame, frame: marks stay */                                        \
	op(compare, 3, PROTECT)       /* frame, frame, to: YES if contents are equal, NO */                        \
	op(peek, 2, WATCH)            /* frame, to: its content now */                                             \
	op(reuse, 0, ACT)             /* frame: freed by whoever says so, taken by a stranger: S, ref 1 */         \
	op(alloc, 2, ACT)             /* frame, to: the stranger takes it only if it is free; YES or NO */         \
	op(store_seen, 0, WATCH)      /* observation, symbol: into the frame it names, if it names one */          \
	/* references of frames; put frees at zero */                                                              \
	op(get, 0, PROTECT)           /* (GET) frame */                                                            \
	op(put, 2, ACT)               /* (PUT) frame, to: COUNT(left), or BLOCKED: it was free already */          \
	op(try_get, 2, PROTECT)       /* (TRYGET) observation, to: of the frame it names; YES, or NO if free */    \
	op(ref_wait, 0, PROTECT)      /* frame, number: blocks until it has that many */                           \
	op(put_seen, 2, ACT)          /* observation, to: put of the frame it names */                             \
	/* page-table entries */                                                                                   \
	op(pte_read, 2, WATCH)        /* (RDP) place, to: MARK(), EMPTY, SPECIAL, or a tag */                      \
	op(pte_same, 3, PROTECT)      /* place, observation of pte_read, to: YES if the entry is that still */     \
	op(pte_dirty, 2, WATCH)       /* place, to: YES if present and D=1 */                                      \
	op(pte_accessed, 2, WATCH)    /* place, to: YES if present and A=1 */                                      \
	op(pte_writable, 2, WATCH)    /* place, to: YES if present and W=1 */                                      \
	op(pte_clear, 0, PROTECT)     /* (XCHG pA,0) place: the entry is 0 */                                                      \
	op(pte_clear_dirty, 2, PROTECT) /* place, to: as pte_clear, and was D set? YES, NO */                          \
	op(pte_set, 0, ACT)           /* (WRP) place, frame, rights: a plain store; A=D=1 */                       \
	op(pte_exchange, 0, ACT)      /* (XCHG) place, frame, rights */                                            \
	op(pte_fill, 0, ACT)          /* place, observation of pte_read, rights: of the frame it names, if it does */ \
	op(pte_tag, 0, ACT)           /* (XCHG) place, MIGRATION or SWAP: not present, says so */                  \
	op(pte_wrprotect, 0, ACT)     /* (CAS) place: W=0, whatever A and D are */                                 \
	op(pte_clean, 0, ACT)         /* (CAS) place: D=0 */                                                       \
	op(pte_age, 0, ACT)           /* (CAS) place: A=0 */                                                       \
	op(pte_write_back, 0, PROTECT) /* (CLFLUSH pA) place: devices' walks see it, with .unsnooped; else every store of one does that */ \
	/* page-table pages, in scenarios that have tables: pte_ steps change T0's leaf of a place */               \
	op(pde_read, 2, WATCH)        /* (RDP dA) place, to: TABLE(), or EMPTY */                                  \
	op(pde_same, 3, PROTECT)      /* place, observation of pde_read, to: YES if it is that still */            \
	op(pde_clear, 0, PROTECT)     /* (XCHG dA,0) place */                                                      \
	op(pde_set, 0, ACT)           /* (WRP dA) place, table or LARGE: a plain store */                             \
	op(pde_exchange, 0, ACT)      /* (XCHG dA) place, table or LARGE */                                           \
	op(table_read, 3, WATCH)      /* (RDP d[i]) observation of pde_read, place, to: as pte_read, in that one */ \
	op(table_leaf, 0, ACT)        /* table, place, frame: a plain store of a leaf, RW, A=D=1 */                \
	op(table_reuse, 0, ACT)       /* table: a stranger's; his words look like leaves of Q1, RW, A=D=0 */       \
	op(table_touched, 2, WATCH)   /* table, to: YES if A or D is set in one of its leaves */                   \
	/* the device's PASID entry and context entry, in scenarios with .entry: a store of one word each, or as said */ \
	op(entry_clear, 0, PROTECT)   /* Present, and nothing else, goes */                                        \
	op(entry_wipe, 0, ACT)        /* the word with Present, then all others, become 0 */                       \
	op(entry_root, 0, ACT)        /* place: the table by which it is mapped; ELSEWHERE: a stranger's, as at 0, where A is Q1 */                                 \
	op(entry_domain, 0, ACT)      /* place: its domain id */                                                   \
	op(entry_set, 0, ACT)         /* Present */                                                                \
	op(context_clear, 0, PROTECT) /* Present of the context entry goes */                                      \
	op(context_set, 0, ACT)       /* and comes */                                                              \
	/* TLBs, and what they keep of upper levels */                                                                                                 \
	op(invlpg, 0, PROTECT)        /* (INVLPG) place: on this CPU only */                                       \
	op(cr3_load, 0, PROTECT)      /* (FLUSH) this CPU, what is not global */                                   \
	op(leave_mm, 0, ACT)          /* (CR3 of another space) this CPU, for good: it has no place any more */    \
	op(flush_all, 0, PROTECT)     /* (FLUSHG) this CPU, all */                                                 \
	op(space_load, 0, ACT)        /* (FLUSH) place, DROP or KEEP: MOV to CR3, of the place's space */             \
	op(invpcid, 0, PROTECT)       /* (INVPCID) type, place: whose PCID and address */                          \
	op(cpu_flush, 0, PROTECT)     /* (SHOOT) place: INVLPG on every CPU of the run, acknowledged */            \
	op(ipi, 0, PROTECT)           /* (IPI) place: the first half: INVLPG here, request to all others */        \
	op(ipi_wait, 0, PROTECT)      /* (WAITACK) and the second: all have acknowledged */                        \
	op(broadcast, 0, PROTECT)     /* place: as cpu_flush, without interrupts: cli does not hold it off */      \
	op(cli, 0, PROTECT)           /* (CLI) */                                                                  \
	op(sti, 0, ACT)               /* (STI) */                                                                  \
	/* the IOMMU's queue */                                                                                    \
	op(iommu_queue, 0, PROTECT)   /* (QI) place: PASID-based IOTLB invalidation into the queue */              \
	op(iommu_queue_leaf, 0, PROTECT) /* (QI, IH=1) place: the same, upper levels may stay */                   \
	op(iommu_queue_no_drain, 0, PROTECT) /* (QI, DR=DW=0) place: as iommu_queue, and what is on its way is not waited for, where that can be said */ \
	op(iommu_queue_block, 0, PROTECT) /* place, order: of the 2^order pages, naturally aligned, of which it is one */ \
	op(iommu_select, 0, PROTECT)  /* (QI) place, scope: all that is tagged with the PASID or domain id it is known by; all */ \
	op(iommu_wait, 0, PROTECT)    /* (QW) wait descriptor and its status word */                               \
	op(queue_refused, 0, ACT)     /* kind: a descriptor that the unit refuses, and goes no further, or NO_ANSWER */ \
	op(iommu_wait_badly, 0, PROTECT) /* GIVE_UP: as iommu_wait, for a while; DISCARD: with what was refused all behind it goes */ \
	op(iommu_flush, 0, PROTECT)   /* (Q) place: iommu_queue, and iommu_wait */                                                        \
	op(pasid_queue, 0, PROTECT)   /* (QPC) PASID-cache invalidation, PASID-selective, into the queue, by A's domain id */        \
	op(context_queue, 0, ACT)     /* context-cache invalidation into the queue */                              \
	op(dtlb_queue_block, 0, PROTECT) /* place, order: the same, of all pages of a block as above */          \
	op(dtlb_queue, 0, PROTECT)    /* (QDT) place: device-TLB invalidation into the queue */                    \
	/* devices */                                                                                              \
	op(dma_read, 2, WATCH)        /* (DR) place, to: what the device reads */                                                         \
	op(dma_read_mark, 2, WATCH)   /* place, to: MARK() of the frame that the device reads */                   \
	op(dma_write, 3, WATCH)       /* (DW) place, symbol, to: LANDED or BLOCKED */                              \
	op(ats_request, 2, WATCH)     /* (TR) place, to: MARK() of the frame granted, or BLOCKED */                 \
	op(ats_request_write, 2, WATCH) /* (TR) place, to: the same, but BLOCKED if it may not be written */ \
	op(ats_read, 2, WATCH)        /* (DRT) place, to: with the address from the device TLB */                  \
	op(ats_write, 3, WATCH)       /* (DWT) place, symbol, to */                                                \
	op(ats_ask, 0, ACT)           /* (TR) place: the answer stays on its way */                                \
	op(ats_post, 3, WATCH)        /* (DWT) place, symbol, to: LANDED or BLOCKED; the write stays on its way */  \
	op(ats_land, 0, ACT)          /* of this device: what is on its way arrives */                            \
	op(page_request, 0, ACT)      /* (PR) place: the IOMMU forgets what it has of it (VT-d 6.5.3.1) */ \
	op(page_response, 0, ACT)     /* (RESP) place, SUCCESS or INVALID: blocks until there is a request */ \
	op(page_wait, 2, PROTECT)     /* place, to: blocks until the response has arrived; YES if it is SUCCESS, NO */ \
	/* software that synchronises */                                                                           \
	op(lock, 0, PROTECT)          /* (LOCK) number: blocks while it is held */                                 \
	op(unlock, 0, ACT)            /* (UNLOCK) number */                                                        \
	op(tell, 0, ACT)              /* agent: the flag that heed waits for; a release */                         \
	op(heed, 0, PROTECT)          /* agent: blocks until told by it; an acquire */                             \
	op(word_set, 0, ACT)          /* word, value below COUNTS: a plain store */                                \
	op(word_add, 0, ACT)          /* word, value: locked; may be MINUS_1 */                                    \
	op(word_read, 2, WATCH)       /* word, to: COUNT(value) */                                                 \
	op(word_same, 3, PROTECT)     /* word, observation of word_read, to: YES if it is that still */            \
	op(word_wait, 0, PROTECT)     /* word, value: blocks until it is that; an acquire */                       \
	op(rcu_start, 0, PROTECT)     /* a grace period begins: who is inside cli ... sti now? */                  \
	op(rcu_wait, 0, PROTECT)      /* blocks until all of those have left */
/* clang-format on */

/* What a step is for: those that PROTECT are left out, one at a time, by the mutation run. */
enum op_kind { WATCH, ACT, PROTECT };

#define OP_NUMBER(name, to, kind) OP_##name,
#define OP_TO(name, to, kind)     TO_##name = to,
enum op { OPS(OP_NUMBER) OP_COUNT };
enum { OPS(OP_TO) };
#undef OP_NUMBER
#undef OP_TO

/* For tables by operation: OPS(OP_KIND) */
#define OP_KIND(name, to, kind) [OP_##name] = kind,
