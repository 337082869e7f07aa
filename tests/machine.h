#pragma once
#include "iommu/vtd_domain.h"
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
/* Domain ids: of the CPUs' tables, of an empty one, of the mirror, of what firmware reserved, of the CPUs' tables for one engine. */
enum { DOMAIN = 1, DOMAIN_NOTHING, DOMAIN_MIRROR, DOMAIN_RESERVED, DOMAIN_APART };

struct vtd_fault;
struct vtd_unit;

struct machine {
	const char *
		no_sva; /* why no device walks the CPUs' tables, as the words after "needs"; NULL: one does */
	bool caches_absent; /* who makes an entry present must invalidate */
	bool marks;         /* what walks them sets A and D: it is a first stage */
	const char *
		trouble; /* what is there and does not work, a sentence; NULL: nothing. No excuse */
	struct vtd_unit *unit;
	u32 pasid;               /* that the engines' requests carry, as the IOMMU sees it */
	struct vtd_space space;  /* what their requests walk now: the CPUs' tables, */
	struct vtd_table mirror; /* or those that software keeps for devices alone */
	struct vtd_space shared;
	struct vtd_space nothing;  /* an empty table */
	struct vtd_table stranger; /* where a root leads that is nobody's */
	/* This engine walks the same tables under another domain id, or PASID: these. NULL: none does. */
	const struct dma_engine *apart;
	u16 apart_did;
	u32 apart_pasid;
	unsigned engines;
	struct dma_engine *engine[DMA_ENGINES_MAX];
	struct vtd_requester requester[DMA_ENGINES_MAX]; /* likewise */
	struct vtd_device_tlb dtlb; /* of the engine that has one; depth 0: none has */
	u8 address_bits;            /* of physical addresses, as firmware says (DMAR) */
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

/* Entries were made present, for devices: none is cached as absent. False, after a note, if the unit did not. */
bool machine_made_present(void);

/*
 * Engines quiet, translation off, queue stopped; false, after a note, if the unit does not follow: then the run is
 * not good, whatever the tests said. Boot CPU.
 */
bool machine_stop(void);

/*
 * What a careless firmware does before it jumps to us: nothing is switched off, neither engines nor the unit's translation,
 * queue and remapping of interrupts; the unit has stale translations cached, displays master the bus. A note says what is left. Boot CPU, at the
 * very end: again() follows.
 */
void machine_leave(void);

/*
 * An engine that can do all of `can` (enum dma_can), or NULL; beside that one the best that writes, with a requester id of its own if
 * apart, or NULL.
 */
struct dma_engine *machine_engine(u32 can);
struct dma_engine *machine_second(u32 can, bool apart);
/* Does the IOMMU see both under one requester id? */
bool machine_share_id(const struct dma_engine *a, const struct dma_engine *b);

/*
 * After an execution that did not come to its end: an engine that gave up must not spoil the tests that follow. If
 * it does not start again, that is trouble for all of them. NULL: nothing to do.
 */
void machine_restart(struct dma_engine *e);

/*
 * The invalidation of one page: queue it; wait for what was queued, until the unit has confirmed it, by the queue's own
 * count too, whatever the wait said. Any CPU; one after the other. False: a note says what went wrong. Without a unit
 * nobody has anything to forget: true.
 */
struct machine_page {
	u64 va;
	bool apart;  /* as the engine has it that machine_walk() set apart */
	bool mirror; /* by the mirror's domain id */
};
bool machine_queue_pages(struct machine_page page, unsigned order,
			 enum vtd_hint hint); /* 2^order, of which it is one */
/* Of one, without DR and DW; a first stage's descriptor has neither, and drains. */
bool machine_queue_no_drain(struct machine_page page);
/* Of all that has this page's domain id, and PASID if a first stage's entries are meant; or of everything. */
bool machine_queue_all(struct machine_page page, bool of_pasid, bool everything);
bool machine_queue_device_pages(
	u64 va, unsigned order); /* what a device keeps of them; true if none does */
bool machine_queue_pasid(void);  /* the PASID cache's entry of the engines */
bool machine_queue_context(const struct dma_engine *e);
bool machine_queue_wait(void);
bool machine_flush_page(
	struct machine_page page); /* both, published by one store of the tail, as drivers do */

/* One that the unit refuses, in this way (BAD_TYPE ...); and waits that do not see to it, or take out too much. */
bool machine_queue_refused(u64 kind);
bool machine_queue_wait_badly(bool discard);

/* What the unit, and this engine, keep of these pages is dropped, fault records are cleared. */
bool machine_forget_pages(const struct dma_engine *e, const struct machine_page *page,
			  unsigned pages, enum vtd_hint hint);

/* The CPUs' tables as the unit walks them from now on, and the mirror, empty. The lowest 512 GiB have `low` mapped. Boot CPU. */
void machine_spaces(struct vtd_unit *u, struct va low);

/* What is there and does not work is no reason to skip a test. The first sentence counts. */
void machine_trouble(const char *sentence);

/* Can engines have different PASIDs, and does the unit tell apart what it caches for each? */
bool machine_has_pasids(void);

/* May a PASID entry lead to second-stage tables of four levels? */
bool machine_has_second(void);

/*
 * From now on engines walk the mirror, or the CPUs' tables again, and `apart` (NULL: none) the same under a PASID, or a domain id, of its
 * own, or the mirror under the others' (enum spaces); they do no DMA meanwhile. False: a note says why not, and that is trouble for all that follows. Boot CPU.
 */
bool machine_walk(bool mirror, const struct dma_engine *apart, u8 spaces);

/*
 * The entries by which an engine's requests are translated, changed word by word (tests/do_entry.c): where its PASID entry is,
 * and its context entry; what the former is for the CPUs' tables, or the mirror. Only if machine_has_entry(). And as they were again, with
 * every cache of the unit empty: boot CPU, the engine does no DMA.
 */
bool machine_has_entry(void);
bool machine_hears_nothing_of_absence(void);
u64 *machine_pasid_words(const struct dma_engine *e);
u64 *machine_context_words(const struct dma_engine *e);
struct vtd_pasid machine_pasid_for(u64 place);
bool machine_entry_restore(const struct dma_engine *e);

/* Everything that the unit and devices keep is dropped, fault records are cleared. */
bool machine_reset(void);

/* A word of a paging entry is stored so that the IOMMU's walker sees it. */
void machine_publish(const volatile u64 *entry);

/*
 * The oldest fault on record of a requester that is an engine here; and is there one of this engine? Whoever else is behind the
 * unit, a display say, is told of once and does not count. Nothing is cleared.
 */
bool machine_first_fault(struct vtd_fault *fault);
bool machine_faulted(const struct dma_engine *e);

/*
 * What faults of engines there were since the last call: none, some at this page, or one at another page, which is
 * none of a test's. That one, or the newest, is returned; then all are cleared.
 */
enum machine_fault { FAULT_NONE, FAULT_HERE, FAULT_ELSEWHERE };
enum machine_fault machine_fault(struct va at, struct vtd_fault *fault);

/* Unit state with named fields, for a failure report. */
void machine_report(void);
