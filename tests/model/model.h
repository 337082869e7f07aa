#pragma once
#include "tests/listing.h"

/*
 * The model: which outcomes of a scenario the architecture allows. Memory is one; each CPU has a store buffer
 * (TSO) and a TLB, the IOMMU an IOTLB and a queue that it works off when it likes; caches load what a PTE says by
 * themselves, and need not use what they have. Catalogue section 9. Pure.
 */

/* A cache that has an entry without the right to write, asked for a write: does it walk, or refuse? */
enum model_weak { WEAK_WALKS, WEAK_REFUSES, WEAK_EITHER };

/* The knobs of catalogue 9.7. All that is true is allowed, not required, but for must_hit. */
struct model_cache {
	bool must_hit;     /* an entry that permits is used, and is the only one of its page */
	bool loads;        /* by itself, whatever a PTE says at any moment; that sets A */
	bool upper_levels; /* remembers them, a PDE apart from its leaves */
	bool pcid;         /* entries are of a PCID; or any load of CR3 drops them */
	bool keeps_global; /* but for those of global pages */
	bool drops_fault;  /* a fault drops what is cached for its page (SDM 3A 4.10.4.1) */
	bool hides_dirty; /* an entry made while D was 0 serves a write all the same, and D stays 0 */
	enum model_weak weak;
};
struct model_profile {
	const char *name;
	struct model_cache tlb, iotlb,
		dtlb; /* a device's loads only what it is told to, and never walks */
	bool queue_later; /* descriptors are executed some time after the tail was written, in any order */
	bool walk_in_steps; /* an invalidation can come between a walk's reading and its end: it starts again */
	bool dma_in_flight; /* an access that is translated becomes visible later; invalidations wait for it */
	bool spurious; /* a CPU's entry that does not permit costs a #PF, though the PTE does by now */
	bool late_dirty; /* a CPU sets D although W went away since it had read the entry (SDM 3A 4.8) */
	bool marks_absent; /* a CPU's walk may have left A or D in an entry that is not present any more: errata */
	bool fractures; /* a large page is cached as small ones, each of which goes by its own address only */
	bool refuses_unrecorded; /* a DMA that the IOTLB's entry forbids is refused, and no fault recorded */
	bool walks_late; /* for a device, by what an entry was before CPUs' caches wrote it back, where a scenario is about that */
	bool caches_absent; /* the unit keeps that there was no entry, where CAP.CM says so and a scenario is about that */
	bool by_requester; /* what the IOTLB has for one device serves no other's requests, whatever their tags */
	bool pasid_cache; /* the unit keeps PASID entries and context entries, and reads them word by word */
	bool present_late; /* Present of a PASID entry counts only when the context entry is read, which is kept */
	bool marks_one; /* the IOMMU's walk stores A and D only where neither that it wants is set yet */
	bool marks_late; /* and stores the entry that it had read, whatever is there by then */
};

extern const struct model_profile model_arch;     /* what SDM and VT-d allow */
extern const struct model_profile model_qemu_tcg; /* QEMU's CPUs without KVM, and its VT-d */

enum model_mode {
	MODEL_STEPPED, /* one step at a time, each to its end; who can answer an IPI has done so by then */
	MODEL_RACING, /* agents run freely */
};
/* What is a transition of its own, a set of these: much slower, and the same outcomes. */
enum model_search {
	SEARCH_REDUCED,
	SPELL_LOADS = 1,   /* a cache loads a PTE */
	SPELL_STORES = 2,  /* a store reaches memory, though its CPU could not tell */
	SPELL_WAITS = 4,   /* a wait is over */
	SPELL_WALKS = 8,   /* the IOMMU has read a PTE, and an access is under way */
	SPELL_ORDERS = 16, /* steps that have nothing to do with each other, either first */
	SPELL_DEAD = 32,   /* what is in a place that nobody will look at */
	SEARCH_ALL = 63
};

struct model_query {
	const struct scenario *scenario;
	const char *order; /* of AGENT_LETTERS; NULL: every order. With one, outcomes have when[] */
	enum model_mode mode; /* an order is stepped */
	u8 search;            /* enum model_search */
	bool second_stage; /* is what walks for devices: it does not look at A and D, and sets neither */
	const struct model_profile *profile;
};

struct model_result {
	u64 states, outcomes;
	bool complete; /* false: a bound was hit, and nothing is known of what was not reached */
	bool stuck;    /* some execution ends with every agent waiting */
	u8 reached; /* how many steps an execution got through at most; less than all: then it blocks */
	const char
		*wrong; /* the scenario cannot be executed: a sentence about that step, or NULL */
	u8 agent, no;
};

/* Where states are kept, in the caller's bytes: aligned as a u64, any content. */
struct model_memory {
	struct model_node *nodes;
	struct model_slot *slots;
	u32 count, capacity, run;
};
struct model_memory model_memory(void *bytes, size_t size);
/* How many bytes so many states need. */
size_t model_size(u64 states);

/*
 * Call each() once with every outcome that the query allows (raw[] stays 0), until it returns false. Outcomes
 * are different in saw[] or holds[].
 */
struct model_result model_run(const struct model_query *q, struct model_memory *m,
			      bool (*each)(void *arg, const struct outcome *seen), void *arg);

/* Was this among the outcomes of the run, complete, of this scenario that m was last used for? */
bool model_found(const struct model_memory *m, const struct scenario *s,
		 const struct outcome *seen);

/*
 * The same, and one order of the steps that led there, ORDER_MAX letters at most and a NUL: of a stepped run, the whole
 * order.
 */
bool model_way(const struct model_memory *m, const struct scenario *s, const struct outcome *seen,
	       char *order);
