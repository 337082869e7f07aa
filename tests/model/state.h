#pragma once
#include "tests/model/entry.h"
#include "tests/model/model.h"
#include "tests/orders.h"

/* One state of the machine, and what its transitions share. For the model's own files. */
enum { PENDING_MAX = 12, QUEUE_MAX = 9 };

/* What memory holds, a byte a word. */
enum word {
	CONTENT,                     /* of a frame: enum symbol */
	PTE = CONTENT + FRAMES,      /* of a place in a table, see pte_word() */
	PDE = PTE + TABLES * PLACES, /* table + 1; 0: not present; see pde_word() */
	REF = PDE + PLACES,          /* references of a frame */
	SOFT = REF + FRAMES,         /* a software word */
	LOCK = SOFT + WORDS,         /* agent + 1 */
	TOLD = LOCK + LOCKS,         /* by an agent: set of agents */
	REQUESTS =
		TOLD +
		AGENTS, /* page requests for a place: set of posted(), answered() and declined() */
	ENTRY = REQUESTS + PLACES, /* the device's PASID entry and context entry, see pasid.c */
	INSIDE = ENTRY + 1,        /* a CPU is between cli and sti, for whoever waits for that */
	STATE_WORDS = INSIDE + CPU_AGENTS
};
enum { REF_MAX = 100 };

static inline unsigned pte_word(unsigned table, u64 place)
{
	return (unsigned)(PTE + table * PLACES + place);
}
static inline bool is_large(u8 pde) { return pde == LARGE + 1; }

enum { DEVICES = AGENTS - CPU_AGENTS };

/* What a device has on its way, and the place and symbol that go with it. */
enum posted { NO_POST, POSTED_ANSWER, POSTED_WRITE, OVERTAKEN_WRITE };
static inline u8 post(enum posted what, u64 place, u64 symbol)
{
	return (u8)(what | place << 2 | symbol << 4);
}
static inline enum posted post_is(u8 post) { return post & 3; }
static inline unsigned post_place(u8 post) { return post >> 2 & 3; }
static inline u8 post_symbol(u8 post) { return post >> 4; }

/* Page requests for a place, each device's. */
static inline u8 posted(unsigned agent) { return (u8)(1u << (agent - CPU_AGENTS)); }
static inline u8 answered(unsigned agent) { return (u8)(posted(agent) << DEVICES); }
static inline u8 declined(unsigned agent) { return (u8)(answered(agent) << DEVICES); }

enum { UNSENT_ABSENT = 1 };

/* Descriptors in the queue. */
enum descriptor {
	NONE,
	INVALIDATE, /* + place */
	DRAIN = INVALIDATE +
		PLACES, /* + place: done, but for accesses that used what was dropped */
	INVALIDATE_LEAF = DRAIN + PLACES,                 /* + place: upper levels may stay */
	INVALIDATE_NO_DRAIN = INVALIDATE_LEAF + PLACES,   /* + place: nobody waits for accesses */
	INVALIDATE_DEVICE = INVALIDATE_NO_DRAIN + PLACES, /* + device * PLACES + place */
	DRAIN_DEVICE = INVALIDATE_DEVICE + DEVICES * PLACES, /* the same */
	FORGET_PASID = DRAIN_DEVICE + DEVICES * PLACES,      /* of A's domain id */
	FORGET_CONTEXT,
	REFUSED,    /* the unit goes no further */
	UNANSWERED, /* no wait behind it is ever done */
	WAIT,       /* + agent: for its status word */
};

/* How far a DMA is, or a translation request, state.phase. */
enum { DMA_START, DMA_WALKED, DMA_TRANSLATED, DMA_DRAINED, DMA_MARKING /* + table */ };

struct state {
	u16 tlb[CPU_AGENTS][PLACES], iotlb[PLACES], dtlb[DEVICES][PLACES]; /* sets of entries */
	u16 asked[CPU_AGENTS]; /* to flush: set of ask() */
	u8 elsewhere;          /* set of CPUs that have B's space loaded */
	u8 word[STATE_WORDS];
	u8 psc[CPU_AGENTS],
		ipsc; /* what is cached of PDEs: sets of tables, each PDE's; see upper_shift() */
	u8 unsent
		[PLACES]; /* what a walk for a device may read in the place of a leaf, UNSENT_ABSENT for 0; 0: nothing else */
	u8 pasid, context; /* what is cached of PASID entries and the context entry, see pasid.c */
	u8 warming;        /* warm-up comes first */
	u8 next[AGENTS], phase[AGENTS]; /* index of the step; how far it is */
	u8 saw[OBSERVATIONS];
	u8 held[AGENTS];     /* what the step keeps from one phase to the next */
	u8 code[CPU_AGENTS]; /* of the last #PF, where a step looks at it */
	u8 broadcast
		[CPU_AGENTS]; /* to flush, interrupts or not: set of CPUs that are in that step */
	u8 masked;            /* set of CPUs whose interrupts are off */
	u8 grace[CPU_AGENTS]; /* set of CPUs for whose sti this one waits */
	u8 queue[QUEUE_MAX];  /* enum descriptor */
	u8 posted[DEVICES], posted_by[DEVICES]; /* post(); the entry that it used, or got */
	struct pending {
		u8 where, value;
	} pending
		[PENDING_MAX]; /* stores that others do not see yet, by CPU, oldest first; see store.c */
};
/* Compared and hashed as bytes. */
_Static_assert(sizeof(struct state) == 2 * PLACES * (CPU_AGENTS + 1 + DEVICES) + STATE_WORDS +
					       CPU_AGENTS + 1 + PLACES + 4 + 3 * AGENTS +
					       OBSERVATIONS + 5 * CPU_AGENTS + 1 + QUEUE_MAX +
					       2 * DEVICES + 2 * PENDING_MAX,
	       "padding");

/* Who asks for what to be flushed, in a set. */
static inline u16 ask(unsigned initiator, u64 place)
{
	return (u16)(1u << (initiator * ADDRESSES + place));
}
_Static_assert(CPU_AGENTS *ADDRESSES <= 16, "asked is a u16");

/* Sets of things that a step reads, and changes, of those that others can see; tests/model/touch.c. */
struct touch {
	u64 reads, changes;
};

struct explorer {
	const struct model_query *q;
	const struct scenario *s;
	const struct model_profile *p;
	struct model_memory *memory;
	struct model_result result;
	bool (*each)(void *arg, const struct outcome *seen);
	void *arg;
	bool stopped;
	const struct state *from; /* the state that is being expanded */
	u8 mover;                 /* whose step follows it; AGENTS: nobody's */
	u32 moves;                /* what can follow it */
	u16 places;               /* set of those whose PTE can change */
	u16 marked, aged;         /* whose A or D, whose A can be clear */
	bool translates;          /* somebody uses the IOMMU */
	bool refuses;             /* the queue may stand still */
	bool codes;               /* or looks at the code of a #PF */
	u32 looks
		[AGENTS]; /* set of steps from which on the agent looks at memory before it fences */
	unsigned length;
	u8 order[ORDER_MAX]; /* agents */
	struct outcome seen; /* what is the same in all: when[] */
	struct touch now[AGENTS][STEPS_MAX], later[AGENTS][STEPS_MAX + 1];
	struct uses {
		u8 tlb, iotlb, dtlb; /* sets of places that this step or a later one translates */
	} uses[AGENTS][STEPS_MAX + 1];
};

/* The step that an agent is at, NULL at the end. */
const struct step *step_of(const struct explorer *x, const struct state *s, unsigned agent);

/* What an operation needs to know of a step; tests/model/info.c has the table. */
struct op_info {
	const char *arguments; /* a letter each, see misfit.c */
	void (*move)(struct explorer *x, const struct state *s, unsigned agent,
		     const struct step *st);
	bool (*over)(const struct state *s, unsigned agent,
		     const struct step *st); /* a wait has its end */
	u16 is;                              /* set of these: */
};
enum {
	LOOKS = 1,       /* reads memory, also to translate */
	FENCES = 2,      /* waits until the store buffer is empty */
	DEVICE = 4,      /* may be a device's step */
	PASSING = 8,     /* what it waits for may be over again */
	NO_CPU = 16,     /* only a device can do it */
	BY_TABLES = 32,  /* only where a scenario has tables */
	TRANSLATES = 64, /* uses the IOMMU */
	BY_ENTRY = 128,  /* only where the device's entry changes */
	BY_BLOCK = 256,  /* only where a scenario says which pages of a block its places are */
};
const struct op_info *op_info(unsigned op);

/* The end of a step; what it saw. */
static inline void step_done(struct state *t, unsigned agent)
{
	t->phase[agent] = 0;
	t->held[agent] = 0;
	t->next[agent]++;
}
static inline void step_saw(struct state *t, const struct step *st, u8 symbol)
{
	if (step_to(st))
		t->saw[step_to(st)] = symbol;
}
static inline u8 yes(bool is) { return is ? YES : NO; }

/* t can follow the state that is being expanded. */
void reach(struct explorer *x, struct state *t);

/* Why an agent cannot do this in the scenario, in words, or NULL; and of that, what is so because E's entry changes there. */
const char *misfit(const struct scenario *s, unsigned agent, const struct step *st);
const char *entry_misfit(const struct scenario *s, unsigned agent, const struct step *st);

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

/* One step at a time, each to its end: in the warm-up too. */
static inline bool is_stepped(const struct explorer *x, const struct state *s)
{
	return s->warming || x->q->mode == MODEL_STEPPED;
}

/* An entry as walks for devices take it: a supervisor's is none; to a second stage A and D are as good as set. */
static inline u8 iommu_sees(const struct explorer *x, u8 pte)
{
	if (is_supervisor(pte))
		return 0;
	if (!x->q->second_stage || !(pte & PTE_PRESENT))
		return pte;
	return (u8)(pte | PTE_ACCESSED | (pte & PTE_WRITE ? PTE_DIRTY : 0));
}

/* Every entry of a cache that may serve an access, 0 if it may be refused; and whether a walk may. */
unsigned cache_hits(const struct model_cache *c, u16 cached, bool write, u8 out[ENTRIES]);
bool cache_walks(const struct model_cache *c, u16 cached, bool write);
/* It has used this entry. */
void cache_keep(const struct model_cache *c, u16 *cached, u8 used);

/* Memory as a CPU sees it, its own stores first; and a store of it. Devices and locked operations store at once. */
u8 look(const struct state *s, unsigned agent, unsigned word);
void put_word(const struct explorer *x, struct state *t, unsigned agent, unsigned word, u8 value);
/* A word in memory has a new value. */
void arrive(struct state *t, unsigned word, u8 value);
/* Has the CPU no store that others do not see? Its oldest one reaches memory. */
bool fenced(const struct state *s, unsigned agent);
const struct pending *oldest(const struct state *s, unsigned c);
unsigned pending_cpu(const struct pending *p);
unsigned pending_word(const struct pending *p);
void drain(struct state *t, unsigned c);

/* Has this CPU left the space, by a step of its listing? */
bool has_left(const struct explorer *x, const struct state *s, unsigned c);
/* The tables from which a walk may come to a leaf of a place: its PDE's, and those that it remembers. All, as in psc. */
u8 upper_levels(const struct explorer *x, const struct state *s, unsigned c, u64 place);
u8 all_upper_levels(const struct explorer *x, const struct state *s, unsigned c);
u8 iommu_upper_levels(const struct explorer *x, const struct state *s, u64 place);
/* In those, and in ipsc: it is cached that there was none, tests/model/walk.c. */
enum { NO_TABLE = 1 << TABLES };
u8 all_iommu_upper_levels(const struct explorer *x, const struct state *s);
/* Of the PASID entry and the context entry: what memory holds at the start, what may be cached by now, what a descriptor drops. */
enum { CACHED = 1, NO_CONTEXT = 2, NO_PASID = 4 }; /* state.context; that one is absent */
u8 entry_start(const struct scenario *s);
void entry_load(const struct explorer *x, struct state *t);
void entry_forget(struct state *t, unsigned descriptor);
/*
 * By which entries a walk may go, a set; does one lead to the CPUs' tables? may it be refused without one? By one of them: in which rows of
 * leaves there is one, that leaf, what a walk makes of it, and where the IOTLB has what is cached of it: by domain id, or by page where
 * there are two.
 */
enum { PATHS = 6 };
bool entry_leads(const struct explorer *x, const struct state *s);
u8 entry_paths(const struct explorer *x, const struct state *s);
bool entry_refuses(const struct explorer *x, const struct state *s);
/* May the IOTLB keep that there is none? */
bool entry_keeps_absence(const struct explorer *x, const struct state *s);
u8 path_rows(const struct explorer *x, const struct state *s, unsigned path);
u8 path_leaf(const struct state *s, unsigned path, unsigned row);
void path_mark(struct state *t, unsigned path, unsigned row, u8 pte);
unsigned path_tag(const struct explorer *x, unsigned path, unsigned row);
/* Is this CPU one of the run? */
bool is_there(const struct explorer *x, unsigned c);
/* May the unit keep that this leaf, or entry of another level, of a device's is absent? */
static inline bool keeps_absence(const struct explorer *x, u8 pte)
{
	return x->s->absence && x->p->caches_absent && !(pte & PTE_PRESENT);
}
/* Where the IOTLB has what is cached of a place: two under one domain id are one to it. */
unsigned iotlb_tag(const struct explorer *x, u64 place);
/* What caches may have loaded they have. */
void load_all(const struct explorer *x, struct state *t);

/* The PDE of a place. Do two places share an address, a page or a leaf? */
unsigned pde_word(const struct explorer *x, u64 place);
bool is_paired(const struct explorer *x);
/* Is this place one of the space that the CPU has loaded? Whose entry maps it. */
bool is_loaded(const struct explorer *x, const struct state *s, unsigned c, u64 place);
unsigned mapped_by(const struct explorer *x, u64 place);
/* What may serve an access. */
u16 tlb_of(const struct explorer *x, const struct state *s, unsigned c, u64 place);
/* Where psc has what is cached of this PDE, or, where two PCIDs share one, under this PCID. */
unsigned upper_shift(const struct explorer *x, u64 place);
/* A CPU drops what it has for a place, and all upper levels of the PCID that is loaded; it begins again with an access that it is in the middle of. */
void flush(const struct explorer *x, struct state *t, unsigned c, u64 place);
/* It handles what it was asked for. */
void answer(const struct explorer *x, struct state *t, unsigned c);

/* What happens without a step: stores reach memory, CPUs handle shootdowns, the queue is worked off. */
void cpu_spontaneous(struct explorer *x, const struct state *s);
void iommu_spontaneous(struct explorer *x, const struct state *s);
