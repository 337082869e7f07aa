#pragma once
#include "kernel/addr.h"

/*
 * Engines: devices driven as a source of DMA. A scenario states what it needs, an engine what it can.
 *
 * Contents are symbols, small numbers below DMA_SYMBOLS that a scenario names (O, N, X ...). Each engine
 * says which 64-bit word stands for a symbol, because not every device can write, or report, any
 * word. What a device reads or writes is a line: 64 aligned bytes whose first word is the content and
 * whose second is the engine's own (a link to follow, say); the rest is not touched.
 *
 * A line that may be read must have the tail as its second word, whatever its content: where a page
 * can be reached through a stale translation, in the old page too. A write may leave anything in the
 * second word; put the tail back by the CPU before that line is read.
 *
 * A device with DMA_PART replaces only what tells its words apart: a line that it writes must hold one of those.
 *
 * Every symbol has its own word, so CPUs can store any. A device without DMA_ANY_WORD writes only
 * DMA_SYMBOL_DEVICE.
 */
enum { DMA_SYMBOLS = 64, DMA_LINE = 64, DMA_SYMBOL_DEVICE = 3 };

enum dma_can {
	DMA_READ = 1,     /* read the word at an address and tell what it was */
	DMA_WRITE = 2,    /* write the word of a symbol to an address */
	DMA_SYNC = 4,     /* the DMA is over when the call returns, without waiting */
	DMA_ANY_WORD = 8, /* write the word of any symbol */
	DMA_ATS = 16, /* with what its own TLB keeps, and with nothing else: translate() first */
	DMA_NO_RINGS = 64, /* write, and reach nothing but what is written */
	DMA_BEGIN = 128,   /* begin a write, and end it later */
	DMA_LEARNS = 256,  /* that it was refused, whether or not the IOMMU recorded it */
	DMA_PART = 512,    /* of a word is all that it writes */
	DMA_FETCH =
		1024, /* read as a command: with a line those before it in its page are, and each must be a line */
	DMA_ANY_ADDRESS = 32, /* reach every address that the IOMMU takes, not only low ones */
};
/* How it does what it can, which is no reason to take it. */
enum { DMA_MANNERS = DMA_NO_RINGS | DMA_BEGIN | DMA_LEARNS | DMA_PART | DMA_FETCH };
enum dma_for { DMA_TO_READ, DMA_TO_WRITE };

/*
 * With DMA_ATS, what a device may do wrong with what is on its way when it is told to drop a translation: keep one that it
 * was sent before that, or confirm before writes that used it have arrived. The next time it is told those do.
 */
enum dma_flaw { DMA_NO_FLAW, DMA_KEEPS_LATE_ANSWERS, DMA_CONFIRMS_EARLY };

/* Where a write landed, or whether, only the frames can tell: many a device drops a refused write in silence. */
enum dma_status {
	DMA_DONE, /* the device has finished */
	DMA_BLOCKED, /* the access was refused: a fault was recorded, or the device reported an error */
	DMA_TIMEOUT, /* no completion and no fault within the deadline: the engine is broken or lies */
};

struct dma_result {
	enum dma_status status;
	u64 word; /* what a read saw */
};

/* Memory for rings: contiguous for the CPU and, through the IOMMU, for the device. Zeroed. */
struct dma_arena {
	u8 *cpu;
	struct iova iova;
	size_t size;
};
/* An xHC may ask for dozens of pages for itself, and a symbol may be a page. */
enum { DMA_ARENA_SIZE = 128 * 4096, DMA_ENGINES_MAX = 8 };

struct pci_function;

struct dma_engine {
	char name[16];
	unsigned index; /* below DMA_ENGINES_MAX: a driver's state of each */
	const struct dma_ops *ops;
	u32 can; /* after start() perhaps less than before, for what this device lacks */
	struct pci_function *fn;
	struct dma_arena arena;
	u64 window_ticks; /* asynchronous window: dma_window() */
	bool to_peers;    /* it was tried: what it writes arrives in another device's memory */
	bool shares_id; /* its requester id is that of an engine that was started before, a bridge's */
	bool carries;  /* devices of somebody's: any other of its kind is better */
	bool left_out; /* somebody tried, and it is of no use */
	bool foreign;  /* start() found that the device is somebody else's, and left it alone */
	unsigned
		dtlb_depth; /* once started, with DMA_ATS: invalidations that it takes at once, 1 to 32 */
	/*
	 * Asks whether the IOMMU has recorded a fault of this requester since the last clear; may be NULL.
	 * Asked while a DMA is late, or when the device cannot tell. A record left over from an earlier
	 * DMA makes such a one look blocked: clear records first.
	 */
	bool (*faulted)(const struct dma_engine *e);
	void *state;
};

struct dma_ops {
	const char *name;
	/* Is this function ours? Called for every PCI function, before anything is switched on. */
	bool (*match)(const struct pci_function *fn);
	/* Do devices of somebody's hang on it, which will be lost? Asked likewise; NULL: there can be none. */
	bool (*carries)(const struct pci_function *fn);
	bool by_name; /* never taken but by who says its name */
	u32 can;
	const char *end; /* what tells it that a DMA is over, in words */
	u64 arena_at; /* where the device must find the arena, if its words depend on that; else 0 */
	/*
	 * Bring the device up with rings in e->arena and bus mastering on; false with a note() if it
	 * cannot be. Translation is on already and the arena is mapped. Afterwards the device does no
	 * DMA by itself.
	 */
	bool (*start)(struct dma_engine *e);
	/* Quiet for good: no DMA after return, bus mastering off. Also after a start that failed. */
	void (*stop)(struct dma_engine *e);
	/*
	 * As a careless firmware leaves it: running, with DMA on its way, and nobody waits for it. NULL: that it may master
	 * the bus is all there is. Before a hand-over only: start() comes next, and knows nothing of it.
	 */
	void (*leave)(struct dma_engine *e);
	/*
	 * The word that stands for a symbol, and the second word a line must have to be read. Callable
	 * as soon as the arena is set.
	 */
	u64 (*word)(const struct dma_engine *e, unsigned symbol);
	u64 (*tail)(const struct dma_engine *e);
	/*
	 * One DMA at a line; NULL where `can` does not have it. On one CPU at a time. Never blocks
	 * beyond its deadline.
	 */
	struct dma_result (*read)(struct dma_engine *e, struct iova line);
	struct dma_result (*write)(struct dma_engine *e, struct iova line, unsigned symbol);
	/*
	 * With DMA_BEGIN: fill a page, and what comes next may be done before it has; then wait for the end of it. The result's
	 * word is what the page begins with then.
	 */
	bool (*begin)(struct dma_engine *e, struct iova page);
	struct dma_result (*await)(struct dma_engine *e);
	/*
	 * With DMA_ATS: the device asks the IOMMU for this page, and keeps what it is granted, reading, or writing too. The
	 * word is the physical address that it was told. What it keeps it drops when that is invalidated, and at stop().
	 */
	struct dma_result (*translate)(struct dma_engine *e, struct iova page, enum dma_for what);
	/*
	 * The same two, but what is chosen, or answered, stays on its way until land(), or until an invalidation makes it
	 * arrive or go. As of quiet() nothing is on its way and nothing kept, and the device has this flaw.
	 */
	struct dma_result (*post)(struct dma_engine *e, struct iova line, unsigned symbol);
	struct dma_result (*ask)(struct dma_engine *e, struct iova page, enum dma_for what);
	bool (*land)(struct dma_engine *e);
	bool (*quiet)(struct dma_engine *e, enum dma_flaw flaw);
};

/*
 * For engines: a DMA that was not over when the CPU looked for its end the first time, at `since` (ticks), is over
 * now. The longest such time is what a test has to fit a step between translation and completion.
 */
void dma_window(struct dma_engine *e, u64 since);

/* Before an access of an engine that must ask first: it does. DMA_DONE at once from others. */
static inline enum dma_status dma_prepare(struct dma_engine *e, struct iova line, enum dma_for what)
{
	return e->can & DMA_ATS ? e->ops->translate(e, line, what).status : DMA_DONE;
}

/* The tail of an engine that needs none: 0. */
u64 dma_no_tail(const struct dma_engine *e);

/* An engine registers itself: DMA_ENGINE(xhci) = { ... }; found through a linker section. */
#define DMA_ENGINE(id)                                                                          \
	static const struct dma_ops id;                                                         \
	static const struct dma_ops *const id##_ref __attribute__((used, section("engines"))) = \
		&id;                                                                            \
	static const struct dma_ops id

/* What `can` (enum dma_can) says, in words with commas: "read,write,any-word,sync"; text. */
enum { DMA_CAN_TEXT = 48 };
const char *dma_can(u32 can, char text[DMA_CAN_TEXT]);

/* Is there a driver of that name, or of that name with ".2" and so on behind it? Or is it one of these? */
#define DMA_NO_ENGINE   "none"
#define DMA_ALL_ENGINES "all"
bool dma_knows(const char *name);

/*
 * Ask every driver about every PCI function and make a table of what can be an engine; a note for
 * each. Names are those of the drivers, with ".2" and so on behind them for a second device. After
 * pci_scan(); starts nothing. Boot CPU.
 */
void dma_find(void);

/*
 * Can it do all of `need`? One that must be told to ask for each page is of no use to who does not know that; if nothing is
 * needed, any.
 */
static inline bool dma_suits(const struct dma_engine *e, u32 need)
{
	return (e->can & need) == need && (!need || !(e->can & DMA_ATS) || need & DMA_ATS);
}

/*
 * The best engine that can do all of `need` (enum dma_can): a synchronous one before others, then the
 * one that can do most; but one that carries devices after all others. None that is left out. Only the one of that name, or if that is "" none
 * that wants to be named (by_name).
 * NULL when there is none. Arena and faulted are the caller's to fill, then start.
 */
struct dma_engine *dma_pick(u32 need, const char *name);

/* The one that dma_find() found so many others before; NULL behind the last. */
struct dma_engine *dma_nth(unsigned n);

/* The names of all that dma_find() found, with commas, or "none"; text. */
const char *dma_names(char *text, size_t size);
