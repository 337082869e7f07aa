#pragma once
#include "tests/model/model.h"
#include "tests/orders.h"

/* One state of the machine, and what its transitions share. For the model's own files. */
enum { PENDING_MAX = 8, QUEUE_MAX = 8 };

/* What memory holds, a byte a word. */
enum word {
	CONTENT,                /* of a frame: enum symbol */
	PTE = CONTENT + FRAMES, /* of a place: a leaf, see leaf() */
	LOCK = PTE + PLACES,    /* agent + 1 */
	TOLD = LOCK + LOCKS,    /* by an agent: set of agents */
	STATE_WORDS = TOLD + AGENTS
};

/* A leaf, or a copy of it in a cache: frame and right. 0: not present. */
enum { LEAVES = 1 + 2 * FRAMES };
static inline u8 leaf(u64 frame, u64 rights)
{
	return rights ? (u8)(1 + 2 * frame + (rights == RW)) : 0;
}
static inline unsigned leaf_frame(u8 l) { return (l - 1u) / 2; }
static inline bool leaf_permits(u8 l, bool write) { return write ? l && l % 2 == 0 : l != 0; }

/* Sets of leaves, of agents. */
static inline u16 only(unsigned member) { return (u16)(1u << member); }

/* Descriptors in the queue. */
enum descriptor {
	NONE,
	INVALIDATE, /* + place */
	DRAIN = INVALIDATE +
		PLACES,        /* + place: done, but for accesses that used what was dropped */
	WAIT = DRAIN + PLACES, /* + agent: for its status word */
};

/* How far a DMA is, state.phase. */
enum { DMA_START, DMA_WALKED, DMA_TRANSLATED, DMA_DRAINED };

struct state {
	u16 tlb[CPU_AGENTS][PLACES], iotlb[PLACES]; /* sets of leaves */
	u8 word[STATE_WORDS];
	u8 warming;                     /* warm-up comes first */
	u8 next[AGENTS], phase[AGENTS]; /* index of the step; how far it is */
	u8 saw[OBSERVATIONS];
	u8 dma[AGENTS];       /* leaf that the walk read, or the access uses */
	u8 asked[CPU_AGENTS]; /* to flush, by this set of agents */
	u8 queue[QUEUE_MAX];  /* enum descriptor */
	struct pending {
		u8 word, value;             /* word + 1; 0: free */
	} pending[CPU_AGENTS][PENDING_MAX]; /* stores that others do not see yet, oldest first */
};
/* Compared and hashed as bytes. */
_Static_assert(sizeof(struct state) == 2 * PLACES * (CPU_AGENTS + 1) + STATE_WORDS + 1 +
					       3 * AGENTS + OBSERVATIONS + CPU_AGENTS + QUEUE_MAX +
					       2 * CPU_AGENTS * PENDING_MAX,
	       "padding");

struct explorer {
	const struct model_query *q;
	const struct scenario *s;
	const struct model_profile *p;
	struct model_memory *memory;
	struct model_result result;
	bool (*each)(void *arg, const struct outcome *seen);
	void *arg;
	bool stopped;
	u32 moves;  /* of the state that is being expanded */
	u16 places; /* set of those whose PTE some step changes */
	u32 looks
		[AGENTS]; /* set of steps from which on the agent looks at memory before it fences */
	unsigned length;
	u8 order[ORDER_MAX]; /* agents */
	struct outcome seen; /* what is the same in all: when[] */
};

/* The step that an agent is at, NULL at the end. */
const struct step *step_of(const struct explorer *x, const struct state *s, unsigned agent);

/* What an operation needs to know of a step; tests/model/step.c has the table. */
struct op_info {
	void (*move)(struct explorer *x, const struct state *s, unsigned agent,
		     const struct step *st);
	bool (*over)(const struct state *s, unsigned agent,
		     const struct step *st); /* a wait has its end */
	bool looks;                          /* reads memory, also to translate */
	bool fences;                         /* waits until the store buffer is empty */
	bool device;                         /* may be a device's step */
};
const struct op_info *op_info(unsigned op);

/* The end of a step; what it saw. */
static inline void step_done(struct state *t, unsigned agent)
{
	t->phase[agent] = 0;
	t->next[agent]++;
}
static inline void step_saw(struct state *t, const struct step *st, u8 symbol)
{
	u64 to = st->to == 2 ? st->b : st->to == 3 ? st->c : NO_OBSERVATION;

	if (to)
		t->saw[to] = symbol;
}

/* t can follow the state that is being expanded. */
void reach(struct explorer *x, struct state *t);

/* Before the first state; false if the scenario cannot be executed. */
bool prepare(struct explorer *x);

/* The scenario cannot be executed: a sentence about a step. */
void wrong(struct explorer *x, unsigned agent, const struct step *st, const char *sentence);

/* Everything that can follow s. */
void expand(struct explorer *x, const struct state *s);

/* Nobody has anything left to do: an outcome. */
bool is_end(const struct explorer *x, const struct state *s);

/* Whatever can be done at once because nothing else can tell when it was done. */
void settle(const struct explorer *x, struct state *t);

/* Every translation of a cache that may serve an access, 0 if it may be refused; and whether a walk may. */
unsigned cache_hits(const struct model_cache *c, u16 cached, bool write, u8 out[LEAVES]);
bool cache_walks(const struct model_cache *c, u16 cached, bool write);
/* It has used this leaf. */
void cache_keep(const struct model_cache *c, u16 *cached, u8 used);

/* Memory as a CPU sees it, its own stores first; and a store of it. Devices and locked operations store at once. */
u8 look(const struct state *s, unsigned agent, unsigned word);
void put_word(const struct explorer *x, struct state *t, unsigned agent, unsigned word, u8 value);
bool fenced(const struct state *s, unsigned agent);

/* What happens without a step: stores reach memory, CPUs handle shootdowns, the queue is worked off. */
void cpu_spontaneous(struct explorer *x, const struct state *s);
void iommu_spontaneous(struct explorer *x, const struct state *s);
