#include "iommu/vtd_domain.h"
#include "iommu/vtd_fault.h"
#include "kernel/inject.h"
#include "kernel/pci.h"
#include "kernel/print.h"
#include "kernel/rescue.h"
#include "kernel/time.h"
#include "tests/listing.h"
#include "tests/machine.h"

/*
 * Longer than the holder waits for the unit. Where CPUs are an emulator's threads, and many more than there are
 * processors, one was seen not to run for 2.4 s.
 */
enum { QUEUE_DEADLINE_MS = 4 * VTD_QUEUE_DEADLINE_MS };

/*
 * Who races invalidates while others do, and the unit has one queue: whose tail was stored last would be what counts.
 * Nor may a call be ended with a descriptor half filled.
 */
static bool queue_taken;

static inline bool try_queue(void)
{
	uncut_begin();
	if (!__atomic_exchange_n(&queue_taken, true, __ATOMIC_ACQUIRE))
		return true;
	uncut_end();
	return false;
}

static __attribute__((noinline)) bool take_queue(void)
{
	return until(QUEUE_DEADLINE_MS, try_queue(), "another CPU to leave the queue of vtd%u",
		     machine.unit->index);
}

/* Mostly it is free: then without a call, as is what looks behind a wait, because make bench measures what they cost. */
static inline bool take_free_queue(void) { return try_queue() || take_queue(); }

static void leave_queue(void)
{
	__atomic_store_n(&queue_taken, false, __ATOMIC_RELEASE);
	uncut_end();
}

static inline bool put_here(const struct vtd_desc *d)
{
	if (!take_free_queue())
		return false;
	bool ok = vtd_queue_put(machine.unit, d) == VTD_OK;
	leave_queue();
	return ok;
}
static __attribute__((noinline)) bool queue_put(struct vtd_desc d) { return put_here(&d); }

/* What the unit caches of a page, of the tables that engines walk now. */
static struct vtd_space space_of(struct machine_page page)
{
	struct vtd_space space = machine.space;

	if (page.mirror)
		return machine.mirror.space;
	if (page.apart)
		space.did = machine.apart_did;
	return space;
}

static u32 pasid_of(struct machine_page page)
{
	return page.apart ? machine.apart_pasid : machine.pasid;
}

static inline struct vtd_desc pages_of(struct machine_page page, unsigned order, enum vtd_hint hint)
{
	const struct vtd_space space = space_of(page);

	return vtd_pages_of(machine.unit, &space, pasid_of(page), page.va, order, hint);
}
static __attribute__((noinline)) struct vtd_desc page_of(struct machine_page page,
							 enum vtd_hint hint)
{
	return pages_of(page, 0, hint);
}

/* By a second stage nothing is tagged with a PASID. */
bool machine_queue_all(struct machine_page page, bool of_pasid, bool everything)
{
	const struct vtd_space space = space_of(page);

	if (!machine.unit)
		return true;
	if (everything)
		return queue_put(vtd_iotlb_global(machine.unit->drain));
	return queue_put(of_pasid && space.stage == VTD_FIRST_STAGE
				 ? vtd_piotlb_all(space.did, pasid_of(page))
				 : vtd_iotlb_domain(space.did, machine.unit->drain));
}

bool machine_queue_pages(struct machine_page page, unsigned order, enum vtd_hint hint)
{
	if (!machine.unit)
		return true;
	const struct vtd_desc d = pages_of(page, order, hint);

	return put_here(&d);
}

bool machine_queue_no_drain(struct machine_page page)
{
	if (!machine.unit)
		return true;
	struct vtd_desc d = page_of(page, VTD_EVERY_LEVEL);

	d.w[0] &= ~(mask(VTD_IOTLB_DR) | mask(VTD_IOTLB_DW));
	return queue_put(d);
}

bool machine_queue_device_pages(u64 va, unsigned order)
{
	return !machine.dtlb.depth || queue_put(vtd_devtlb_pages(&machine.dtlb, va, order));
}

/* In legacy mode the context entry has what a PASID entry would have. */
bool machine_queue_pasid(void)
{
	if (!machine.unit)
		return true;
	return queue_put(machine.unit->scalable ? vtd_pc_pasid(machine.space.did, machine.pasid)
						: vtd_cc_domain(machine.space.did));
}

bool machine_queue_context(const struct dma_engine *e)
{
	return !machine.unit || queue_put(vtd_cc_device(machine.space.did, pci_requester(e->fn)));
}

/*
 * What a unit that works the queue off while the tail is written cannot show by what it does: the last descriptor is a wait, its
 * number is one that no wait had before (serial, then), and that is what has arrived.
 */
static inline bool all_confirmed(u32 before)
{
	const struct vtd_queue *q = &machine.unit->queue;
	const size_t slot = (q->tail - 1) & (q->slots - 1);
	const u64 last = q->ring[slot * q->words];

	return q->head == q->tail && q->serial != before && *q->status == q->serial &&
	       last == vtd_queue_status(q).w[0];
}

static __attribute__((noinline)) bool unconfirmed(enum vtd_status s)
{
	note("vtd%u invalidation: %s", machine.unit->index, vtd_status_text(s));
	return false;
}

/* By the status, which says why not, and by the queue's own count. */
static inline bool confirmed(enum vtd_status s, u32 before)
{
	return s == VTD_OK ? all_confirmed(before) : unconfirmed(s);
}

bool machine_queue_wait(void)
{
	if (!machine.unit)
		return true;
	if (!take_free_queue())
		return false;
	const u32 before = machine.unit->queue.serial;
	bool ok = confirmed(vtd_queue_wait(machine.unit), before);
	leave_queue();
	return ok;
}

SELDOM bool machine_queue_refused(u64 kind)
{
	struct vtd_desc d = vtd_iotlb_domain(DOMAIN_NOTHING, VTD_DRAIN_NONE);

	if (!machine.unit)
		return true;
	/* Of no device that could be here: who needs one is skipped. */
	if (kind == NO_ANSWER)
		return false;
	if (kind == BAD_TYPE)
		d.w[0] |= put(VTD_IOTLB_TYPE, 15);
	else if (kind == BAD_GRANULARITY)
		d.w[0] &= ~mask(VTD_IOTLB_G);
	else if (kind == BAD_RESERVED)
		d.w[0] |= 1u << 15;
	else if (kind == BAD_WIDTH) {
		/* Of 256 bits, in two slots: the first half is one that the unit knows. */
		if (!queue_put(d))
			return false;
		d.w[0] = 0;
	} else
		d = vtd_iotlb_pages(DOMAIN_NOTHING, 0,
				    (unsigned)get(machine.unit->cap, VTD_CAP_MAMV) + 1,
				    VTD_EVERY_LEVEL, VTD_DRAIN_NONE);
	if (!take_queue())
		return false;
	bool ok = vtd_queue_put_refused(machine.unit, &d) == VTD_OK;
	leave_queue();
	return ok;
}

bool machine_queue_wait_badly(bool discard)
{
	if (!machine.unit)
		return true;
	if (!take_queue())
		return false;
	if (!vtd_queue_wait_briefly(machine.unit) && discard)
		vtd_queue_discard(machine.unit);
	leave_queue();
	return true;
}

bool machine_flush_page(struct machine_page page)
{
	if (!machine.unit)
		return true;
	const struct vtd_desc d = page_of(page, VTD_EVERY_LEVEL);

	if (!take_queue())
		return false;
	const u32 before = machine.unit->queue.serial;
	enum vtd_status s = INJECTED(WAIT) ? vtd_queue_put(machine.unit, &d)
					   : vtd_queue_submit(machine.unit, &d, 1);
	bool ok = confirmed(s, before);
	leave_queue();
	return ok;
}

bool machine_made_present(void) { return !machine.caches_absent || machine_reset(); }

bool machine_forget_pages(const struct dma_engine *e, const struct machine_page *page,
			  unsigned pages, enum vtd_hint hint)
{
	enum { PAGES_MAX = 4 };
	struct vtd_desc d[PAGES_MAX], devices[PAGES_MAX];
	unsigned n = 0;

	for (; n < pages && n < PAGES_MAX; n++)
		d[n] = page_of(page[n], hint);
	if (vtd_fault_pending(machine.unit))
		vtd_fault_clear(machine.unit);
	bool ok = vtd_queue_submit(machine.unit, d, n) == VTD_OK;
	if (!ok || !(e->can & DMA_ATS))
		return ok;
	/* The device when that is done, or it could ask for the old again. */
	for (unsigned i = 0; i < n; i++)
		devices[i] = vtd_devtlb_pages(&machine.dtlb, page[i].va, 0);
	return vtd_queue_submit(machine.unit, devices, n) == VTD_OK;
}

bool machine_reset(void)
{
	const struct vtd_desc everything = vtd_devtlb_pages(&machine.dtlb, 0, VTD_WHOLE_SPACE);
	bool ok = vtd_forget_all(machine.unit) == VTD_OK;

	if (machine.dtlb.depth && vtd_forget(machine.unit, &everything, 1) != VTD_OK) {
		/* Not once more: each time may take minutes. */
		machine.dtlb.depth = 0;
		machine_trouble("a device does not answer when it is told to forget");
		ok = false;
	}
	vtd_fault_clear(machine.unit);
	return ok;
}
