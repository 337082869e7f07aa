#pragma once
#include "kernel/dma.h"
#include "kernel/types.h"
#include "tests/facts.h"
#include "tests/ops.h"

/* What a listing and a scenario are made of: data that the runner, the report and the model read. */

/* Agents. A letter each, for orders: "0012e" lets C0 step twice, then C1, C2 and E. */
enum agent_id { C0, C1, C2, C3, E, E2, AGENTS, CPU_AGENTS = E };
#define AGENT_LETTERS "0123ef"

/*
 * A place is a page of virtual memory, the same for CPUs and device; a frame is what it may map to. ELSEWHERE is an address in
 * another region, where nothing is mapped: where there are tables it can be flushed, as any address makes a CPU forget them.
 */
enum place_id { A, B, PLACES, MIRROR = B, ELSEWHERE = PLACES, ADDRESSES };
enum frame_id { P0, P1, K, Q0, Q1, FRAMES };
/* Page-table pages: the PDE of A and B points to one at a time; see also .apart. Where nothing is said: T0, and nobody changes it. */
enum table_id { T0, T1, TABLES, LARGE = TABLES /* no table: a leaf of 2 MiB, see .large */ };
/* May the PDE be LARGE, and is it at the start? */
enum large { NEVER_LARGE, LATER_LARGE, STARTS_LARGE };
/* Address spaces that a CPU can load; all begin in A's. Where there are two, B is what is at A's address in the other. */
enum spaces {
	ONE_SPACE,
	TWO_SPACES, /* each with its tables and its PCID */
	TWO_PCIDS,  /* for the same tables: B's entry is A's, and its PDE */
	SAME_PCID,  /* for two spaces */
	/* CPUs as with one space. E2 walks the mirror, under the domain id and PASID that E has for the CPUs' tables: B is the page by it. */
	ONE_DOMAIN,
	/* No CPU loads another, but E2 has a domain id, or PASID, of its own for the same tables: B is A as E2 has it, its entry A's. */
	TWO_DOMAINS,
	TWO_PASIDS,
};
static inline bool one_entry(u8 spaces) { return spaces == TWO_PCIDS || spaces >= TWO_DOMAINS; }
static inline bool two_tags(u8 spaces) { return spaces >= TWO_DOMAINS; }
/* Is E2's PASID entry another than E's? */
static inline bool two_requesters(u8 spaces) { return spaces >= ONE_DOMAIN; }
/* space_load: is what is cached under the PCID dropped, or kept (bit 63 of the new CR3)? */
enum { DROP, KEEP };
/* Types of INVPCID, by their number. */
enum { PCID_ADDRESS, PCID_ALL, ALL_AND_GLOBAL, ALL_PCIDS, INVPCID_TYPES };
/* iommu_queue_block: orders; the largest is that of a table. */
enum { TABLE_ORDER = 9, BLOCK_ORDERS };
/* iommu_select: what a descriptor is for. */
enum { OF_PASID, OF_DOMAIN, OF_ALL, SCOPES };
/* page_response: its code (VT-d 7.6). */
enum { SUCCESS, INVALID, RESPONSES };
/*
 * queue_refused: what is wrong with the descriptor; BAD_WIDTH: it is as long as two. Who waits finds the queue stopped, and takes that one out; iommu_wait_badly: or does
 * not, or too much. NO_ANSWER: a device does not confirm what it should drop; the unit goes on after a while, and waits that it had fetched
 * are void (VT-d 6.5.2, ITE).
 */
enum { BAD_TYPE, BAD_GRANULARITY, BAD_RESERVED, BAD_SIZE, BAD_WIDTH, NO_ANSWER, BAD_KINDS };
enum { GIVE_UP, DISCARD };
#define GLOBAL(place) (1u << (place))

/* Contents, as scenarios name them: old, new, the device's, a stale CPU's, a stranger's. */
enum symbol {
	NOTHING, /* also: an observation that was not made */
	O,
	N,
	X,
	Y,
	S,
	FRAME_MARKS = 16,      /* + frame_id: the mark that says which frame an access reached */
	BLOCKED = DMA_SYMBOLS, /* #PF, or the IOMMU refused */
	LANDED,                /* a write was not refused */
	OTHER,                 /* a word that nobody wrote: see the report */
	YES,
	NO,
	EMPTY,     /* a page-table entry: 0 */
	MIGRATION, /* tags of entries that are not present */
	SWAP,
	SPECIAL,    /* present, and marked */
	UNRECORDED, /* the device was refused, and the IOMMU recorded no fault: nobody may do that */
	TABLES_FROM,       /* + table_id: what a PDE points to */
	COUNTS_FROM = 128, /* + value of a software word */
};
#define MARK(frame)  (FRAME_MARKS + (frame))
#define COUNT(value) (COUNTS_FROM + (value))
#define TABLE(table) (TABLES_FROM + (table))

/* Rights of a leaf. All but the last two have XD=1, all but two U/S=1. */
enum {
	RO = 1,
	RW = 2,
	RW_SPECIAL = 3, /* and software's mark on it: not for GUP, pte_read says SPECIAL */
	SUPERVISOR =
		4, /* read-only, and not for devices, whose requests are a user's (by a first stage) */
	RX = 5,    /* a user may execute it */
	SUPERVISOR_RX = 6,
};
static inline bool may_write(u64 rights) { return rights == RW || rights == RW_SPECIAL; }
/* What else a leaf may be at the start; A=D=1 if nothing is said. */
enum leaf_state {
	LEAF_USED,  /* A=1, D=1 where it may be written */
	LEAF_CLEAN, /* A=1, D=0 */
	LEAF_FRESH, /* A=0, D=0 */
};
enum {
	STEPS_MAX = 24,
	OBSERVATIONS = 10,
	CLAIMS = 8,
	CONTROLS = 12,
	SPARES = 8,
	ORDERS = 6,
	LOCKS = 4,
	WORDS = 4,
	COUNTS = 16, /* what a software word can hold: 0 to 15 */
	MINUS_1 = COUNTS - 1,
	NO_OBSERVATION = 0
};

/* What the error code of a #PF says, SDM 3A 4.7: there was an entry, that forbids; to write; by a user; to execute (bit 4 there). */
enum { FAULT_PRESENT = 1, FAULT_WRITE = 2, FAULT_USER = 4, FAULT_FETCH = 8 };

enum { MUST_BE_SEEN, EITHER };

/* What one execution showed. */
struct outcome {
	u8 saw[OBSERVATIONS];       /* enum symbol, or MARK() */
	u8 holds[FRAMES];           /* contents at the end, by an alias that no test changes */
	u8 when[AGENTS][STEPS_MAX]; /* position in the order from 1; 0: not run */
	u64 raw[OBSERVATIONS];      /* the words behind saw[] */
};

/* A step is one architectural event, tests/ops.h. */
struct step {
	u8 no, op; /* enum op */
	u8 to;     /* which of b and c, 2 or 3, names the observation; 0: none */
	u8 if_saw,
		is; /* guarded: a step only if this observation of the same agent is that; 0: always */
	u8 a, b, c;
	const char *args; /* as they are written */
};

/* The observation that it makes, or NO_OBSERVATION. */
static inline u8 step_to(const struct step *s)
{
	return s->to == 2 ? s->b : s->to == 3 ? s->c : NO_OBSERVATION;
}

/* "pte_clear". */
const char *step_name(const struct step *s);

/* Who executes a step, tests/self.h. */
struct self;

/* One listing, three readers: data; code that executes step `no`; code that executes all of them, straight. */
struct agent {
	const char *name;
	const struct step *steps;
	u8 count;
	bool (*take)(struct self *self, u8 no);
	bool (*race)(struct self *self);
};

typedef bool claim_fn(const struct outcome *seen);
struct claim {
	claim_fn *is_seen;
	const char *name, *text;
};

/* A listing with one step left out, or with two that changed places. */
struct change {
	u8 agent, no; /* of a step; 0: no change */
	u8 with;      /* change places with this one; 0: left out */
};

struct scenario {
	const char *id; /* the catalogue's, "A03"; KTAP names are id.name */
	const char *name;
	const char *claim;  /* one sentence */
	const char *source; /* thread or manual section */
	u32 needs;          /* enum need */
	struct agent agents[AGENTS];
	struct {
		u8 frame, rights; /* rights 0: not present */
		u8 state;         /* enum leaf_state */
	} maps[PLACES];
	/*
	 * Devices walk tables that software keeps for them alone, in which page A has the entry that is called MIRROR: pte_ steps
	 * and maps[] speak of it as of a place. No CPU walks it, no device walks A.
	 */
	bool mirror;
	bool unsnooped; /* walks for devices need not see what a step stores in an entry until pte_write_back */
	/*
	 * Absence may be cached (CAP.CM) of entries of the mirror, and who makes one present tells, which else its step does; of tables,
	 * of the device's entries.
	 */
	bool absence;
	/*
	 * E's PASID entry and context entry change. They begin with the CPUs' tables, by which E has page A as place A; the same page by
	 * the mirror, under another domain id, is place B. E's accesses name A and go where the entry says; to invalidate by a place is by
	 * its domain id. With .tables it stays with the CPUs' tables, or leads nowhere.
	 */
	bool entry;
	/*
	 * With .entry: a second page, where nobody has been. By the CPUs' tables it is what A is, but A=0, by the mirror what A is by that;
	 * E's accesses may name it, B. Its leaves stay, and the domain id does.
	 */
	bool beside;
	bool p2p;    /* P0 is a page of another device's memory, where there is one */
	bool tables; /* A and B are below one PDE, which points to T0; T1 has the same leaves */
	/*
	 * With .tables, for CPUs: B is A's address 2 MiB further on, with a PDE of its own, which is empty. Once that points to a table
	 * B is what A is by the same one.
	 */
	bool apart;
	u8 large; /* enum large; with .tables. LARGE maps A to Q0 and B to Q1, RW, and nothing else does */
	/* Where A and B are: these pages of a block of so many, naturally aligned, up to 512; 0: wherever. Not with .apart, .spaces. */
	u16 block, page[PLACES];
	u8 spaces;                 /* enum spaces */
	u8 flaw;                   /* enum dma_flaw: of the device with a device TLB */
	u8 global;                 /* set of GLOBAL(place): those have it in their leaves */
	u8 content[FRAMES];        /* symbols at the start; the rest holds NOTHING */
	u8 refs[FRAMES];           /* references at the start; 0: free */
	u8 words[WORDS];           /* software words at the start */
	struct agent warm[AGENTS]; /* steps that fill caches, before the order begins */
	const struct claim *forbid[CLAIMS];
	const struct claim
		*allow[CLAIMS];    /* what a correct system may show: the model must be able to */
	const struct claim *shows; /* the claim of an unsafe protocol: the hazard is seen */
	u16 shown_by;              /* enum cache */
	struct {
		const struct claim *claim;
		u8 which;  /* enum fact: set for good when the claim is seen */
		u8 either; /* EITHER: not to see it is an answer too */
	} fact;            /* of the platform; such scenarios run first, always */
	struct control {
		struct change change;      /* do this to the listing ... */
		const struct claim *shows; /* ... and this must be seen */
		u16 by; /* enum cache: what must keep a stale entry for that; 0: by the step */
	} control[CONTROLS];
	/* Protecting steps whose loss this scenario cannot see, and why: for the mutation run. */
	struct {
		struct change change;
		const char *why;
	} spare[SPARES];
	struct {
		const char *who;
		u8 at_once, at_the_end; /* observations that should be N; in words in the log */
	} judged[2];
	/* Names: id.name; one order may have none and takes the scenario's. None at all: every order, one case. */
	struct {
		const char *name, *order;
	} orders[ORDERS];
};

/* Does place B have its entry in the mirror? */
static inline bool has_mirror(const struct scenario *s)
{
	return s->mirror || s->entry || s->spaces == ONE_DOMAIN;
}

/* Every need for a device also is a need for an IOMMU that walks the CPUs' own tables, by its first or second stage. */
enum need {
	NEED_READ = 1,  /* a device that says what it read */
	NEED_WRITE = 2, /* a device that writes X */
	NEED_WRITE_ANY = 4,
	NEED_CPU2 = 8, /* a second CPU */
	NEED_CPU3 = 16,
	NEED_CPU4 = 32,
	NEED_ATS = 64,        /* a device that reads and writes by its TLB, ats_ steps alone */
	NEED_PRI = 128,       /* and page requests */
	NEED_PCID = 512,      /* process-context identifiers, INVPCID */
	NEED_MARKS = 256,     /* walks for devices set A and D: only a first stage's do */
	NEED_TWO = 1024,      /* a second device, E2, that writes X */
	NEED_PASIDS = 2048,   /* devices with different PASIDs, by first stages */
	NEED_ENTRY = 4096,    /* a PASID entry of the device's */
	NEED_NO_RINGS = 8192, /* a device that reaches nothing but what it is told to */
	NEED_NO_CM = 16384,   /* absence is not cached */
	NEED_CM = 1 << 16,    /* absence may be cached */
	NEED_BEGIN = 1 << 21, /* a device whose access is begun and awaited apart */
	NEED_DIRECT =
		1 << 20, /* a device whose access begins with the page, which may be anywhere */
	NEED_LEARNS =
		1 << 22, /* a device that learns that it was refused, though no fault be recorded */
	NEED_TIMES_OUT = 1 << 23, /* a device that never answers, and a unit that says so */
	NEED_SECOND = 1 << 24,    /* a PASID entry may lead to second-stage tables of four levels */
	NEED_NARROW = 1 << 25,    /* a queue with descriptors of 128 bits */
	NEED_LARGE = 32768,       /* walks for devices know pages of 2 MiB */
};

/* What must keep a stale entry, or hold a store back, for a hazard to be seen. */
enum cache {
	CACHE_TLB = 1,
	CACHE_IOTLB = 2,
	CACHE_STORES = 4,
	CACHE_UPPER = 8, /* a CPU's paging-structure caches */
	CACHE_IOMMU_UPPER = 16,
	CACHE_REFUSES = 32, /* a stale entry that forbids costs a #PF */
	CACHE_GLOBAL = 64,  /* entries that outlive a load of CR3 */
	CACHE_DTLB = 128,   /* a device's */
	CACHE_PASID = 256,
};

/* The hazard that agents wait for each other for ever: no outcome shows it. */
extern const struct claim deadlock_claim;

/*
 * How a scenario registers: found through a linker section, where compilers would leave gaps that they choose. They
 * reorder too, so the line is noted. The file's folder is the family.
 */
struct scenario_ref {
	const struct scenario *scenario;
	const char *file;
	u64 line;
} __attribute__((aligned(32)));
extern const struct scenario_ref __start_scenarios[], __stop_scenarios[];
