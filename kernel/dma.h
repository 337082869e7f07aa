#pragma once
#include "kernel/addr.h"

/*
 * Engines: devices driven as a source of DMA. A scenario states what it needs, an engine what it can.
 *
 * Contents are symbols, small numbers 1..DMA_SYMBOLS-1 that a scenario names (O, N, X ...). Each engine
 * says which 64-bit word stands for a symbol, because not every device can write, or report, any
 * word. What a device reads or writes is a line: 64 aligned bytes whose first word is the content and
 * whose second is the engine's own (a link to follow, say); the rest is not touched.
 */
enum { DMA_SYMBOLS = 64, DMA_LINE = 64 };

enum dma_can {
	DMA_READ = 1,  /* read the word at an address and tell what it was */
	DMA_WRITE = 2, /* write the word of a symbol to an address */
	DMA_SYNC = 4,  /* the DMA is over when the call returns, without waiting */
};

enum dma_status {
	DMA_DONE,
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
enum { DMA_ARENA_SIZE = 16 * 4096 };

struct pci_function;

struct dma_engine {
	const char *name;
	const struct dma_ops *ops;
	u32 can;
	struct pci_function *fn; /* whose requester id the IOMMU sees */
	struct dma_arena arena;
	/* Asks whether the IOMMU has recorded a fault of this requester since the last clear; may be NULL. */
	bool (*faulted)(const struct dma_engine *e);
	void *state;
};

struct dma_ops {
	const char *name;
	/* Is this function ours? Called for every PCI function, before anything is switched on. */
	bool (*match)(const struct pci_function *fn);
	u32 can;
	/*
	 * Bring the device up with rings in e->arena and bus mastering on; false with a note() if it
	 * cannot be. Translation is on already and the arena is mapped. Afterwards the device does no
	 * DMA by itself.
	 */
	bool (*start)(struct dma_engine *e);
	/* Quiet for good: no DMA after return, bus mastering off. */
	void (*stop)(struct dma_engine *e);
	/* The word that stands for a symbol, and the second word a line must have to be read. */
	u64 (*word)(const struct dma_engine *e, unsigned symbol);
	u64 (*tail)(const struct dma_engine *e);
	/* One DMA at a line. On one CPU at a time. Never blocks beyond its deadline. */
	struct dma_result (*read)(struct dma_engine *e, struct iova line);
	struct dma_result (*write)(struct dma_engine *e, struct iova line, unsigned symbol);
};

/* An engine registers itself: DMA_ENGINE(xhci) = { ... }; found through a linker section. */
#define DMA_ENGINE(id)                                                                          \
	static const struct dma_ops id;                                                         \
	static const struct dma_ops *const id##_ref __attribute__((used, section("engines"))) = \
		&id;                                                                            \
	static const struct dma_ops id
