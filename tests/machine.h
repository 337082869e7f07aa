#pragma once
#include "iommu/vtd_table.h"
#include "kernel/acpi_dmar.h"
#include "kernel/cmdline.h"
#include "kernel/dma.h"
#include "tests/facts.h"
#include "tests/peer.h"

/*
 * What the tests run on, as bring-up found it: the CPUs, the unit in front of the engines, the engines.
 * One instance; the runner asks it what is there and puts caches back with it.
 */
struct vtd_fault;
struct vtd_unit;

struct machine {
	const char *
		no_sva; /* why no device walks the CPUs' tables, as the words after "needs"; NULL: one does */
	bool marks; /* what walks them sets A and D: it is a first stage */
	const char *
		trouble; /* what is there and does not work, a sentence; NULL: nothing. No excuse */
	struct vtd_unit *unit;
	u32 pasid;               /* that the engines' requests carry, as the IOMMU sees it */
	struct vtd_space space;  /* what their requests walk now: the CPUs' tables, */
	struct vtd_table mirror; /* or those that software keeps for devices alone */
	struct vtd_space shared;
	unsigned engines;
	struct dma_engine *engine[DMA_ENGINES_MAX];
	struct vtd_device_tlb dtlb; /* of the engine that has one; depth 0: none has */
	bool walks_snoop;           /* the IOMMU sees page-table stores without CLFLUSH */
	struct peer peer;           /* memory of another device */
	bool facts[FACTS];          /* what C01 saw: what a hazard needs to be shown */
};
extern struct machine machine;

/*
 * Find the engines, bring up the unit that serves them with the CPUs' tables as first stage, or second, start the
 * engines. Whatever cannot be had is a note and shows in the struct; an engine that is asked for and not there ends the
 * run. With ENGINE=none no engine is started, and every unit is off; with ENGINE=all each that there is. Boot CPU, once, after SMP and pci_scan().
 */
void machine_start(const struct dmar *dmar, const struct options *o);

/*
 * Engines quiet, translation off, queue stopped; false, after a note, if the unit does not follow: then the run is
 * not good, whatever the tests said. Boot CPU.
 */
bool machine_stop(void);

/*
 * What a careless firmware does before it jumps to us: nothing is switched off, neither engines nor the unit's translation,
 * queue and remapping of interrupts; the unit has stale translations cached. A note says what is left. Boot CPU, at the
 * very end: again() follows.
 */
void machine_leave(void);

/* An engine that can do all of `can` (enum dma_can), or NULL. */
struct dma_engine *machine_engine(u32 can);

/*
 * After an execution that did not come to its end: an engine that gave up must not spoil the tests that follow. If
 * it does not start again, that is trouble for all of them.
 */
void machine_restart(struct dma_engine *e);

/*
 * The invalidation of one page: queue it; wait for what was queued, until the unit has confirmed it, by the queue's own
 * count too, whatever the wait said. Any CPU; one after the other. False: a note says what went wrong. Without a unit
 * nobody has anything to forget: true.
 */
bool machine_queue_page(u64 va, enum vtd_hint hint);
bool machine_queue_device_page(u64 va); /* what a device keeps of it; true if none does */
bool machine_queue_pasid(void);         /* the PASID cache's entry of the engines */
bool machine_queue_wait(void);
bool machine_flush_page(u64 va); /* both, published by one store of the tail, as drivers do */

/* What the unit, and this engine, keep of these pages is dropped, fault records are cleared. */
bool machine_forget_pages(const struct dma_engine *e, const u64 *va, unsigned pages,
			  enum vtd_hint hint);

/*
 * From now on engines walk the mirror, or the CPUs' tables again; they do no DMA meanwhile. False: a note says why not, and that is
 * trouble for all that follows. Boot CPU.
 */
bool machine_walk(bool mirror);

/* Everything that the unit and devices keep is dropped, fault records are cleared. */
bool machine_reset(void);

/* A word of a paging entry is stored so that the IOMMU's walker sees it. */
void machine_publish(const volatile u64 *entry);

/*
 * What faults the IOMMU recorded since the last call: none, some at this page, or one at another page, which is
 * none of a test's. That one, or the newest, is returned; then all are cleared.
 */
enum machine_fault { FAULT_NONE, FAULT_HERE, FAULT_ELSEWHERE };
enum machine_fault machine_fault(struct va at, struct vtd_fault *fault);

/* Unit state with named fields, for a failure report. */
void machine_report(void);
