/* Bring-up of the IOMMU and of engines: which ones there are to be, and why another is left out. */
#include "kernel/format.h"
#include "kernel/panic.h"
#include "kernel/platform.h"
#include "kernel/print.h"
#include "kernel/string.h"
#include "mm/frame.h"
#include "mm/kmap.h"
#include "mm/place.h"
#include "tests/machine.h"
#include "tests/probe.h"
#include "tests/units.h"

static bool some_do_not_start; /* engines */

/* Where engines have their rings, in the lower half of the shared tables; below 4 GiB but for those that say where. */
enum { ARENAS = 0x40000000 };

static void arena_map(struct dma_engine *e)
{
	static u64 mapped;
	u64 va = e->ops->arena_at ? e->ops->arena_at : ARENAS + mapped++ * DMA_ARENA_SIZE;
	struct pa pa = frame_alloc_order(FRAME_DMA, 7);

	_Static_assert(DMA_ARENA_SIZE == PAGE_SIZE << 7, "order of the arena");
	for (u64 at = 0; at < DMA_ARENA_SIZE; at += PAGE_SIZE) {
		struct pa page = { pa.v + at };
		volatile u64 *mirror = vtd_table_entry(&machine.mirror, (struct iova){ va + at });

		place_map((struct va){ va + at }, page,
			  PAGE_WRITE | PAGE_USER | PAGE_ACCESSED | PAGE_DIRTY);
		*mirror = vtd_table_leaf(&machine.mirror, page, true);
		machine_publish(mirror);
	}
	if (!machine_made_present())
		machine_trouble("the IOMMU did not forget what it cached");
	e->arena = (struct dma_arena){ direct(pa), { va }, DMA_ARENA_SIZE };
	e->faulted = machine_faulted;
}

/*
 * RID_PASID or PASID 0: by what a DMA of the first engine shows, and then the same for all, because
 * invalidations name one. False if the engine works with neither.
 */
static bool engine_start(struct dma_engine *e, struct vtd_requester *r, u32 wanted)
{
	if (e->shares_id)
		return e->ops->start(e);
	if (machine.engines)
		wanted = machine.pasid;
	/* The field is reserved without RPS (VT-d 9.4), but QEMU 10.0 goes by it. */
	if (!machine.unit->scalable ||
	    (!vtd_has_rid_pasid(machine.unit) && platform.kind != PLATFORM_QEMU))
		wanted = 0;
	if (wanted && probe_rid_pasid(e, machine.unit, r, wanted, &machine.nothing)) {
		machine.pasid = wanted;
		return true;
	}
	if (machine.pasid)
		return false;
	return vtd_attach(machine.unit, pci_requester(e->fn), 0, probe_ats(e), r) &&
	       vtd_pasid_set(r, 0, &machine.space) == VTD_OK && e->ops->start(e);
}

/* What an engine that keeps translations needs besides, and lacks here; in words, or NULL. */
static const char *ats_lacks(const struct dmar *dmar, const struct vtd_unit *u,
			     const struct dma_engine *e)
{
	if (!(e->can & DMA_ATS))
		return NULL;
	if (!vtd_has_ats(u))
		return "an IOMMU that takes translation requests (ECAP.DT, scalable mode)";
	/* A port that firmware does not report may drop them (VT-d 8.5). */
	return dmar->atsr_all_ports ? NULL : "ATS below all root ports (ATSR of the DMAR)";
}

/* An engine that does not start, or is none; one that starts and does not do what it says is no small matter. */
static void leave_out(struct dma_engine *e, struct vtd_requester *r, bool started)
{
	machine.dtlb = (struct vtd_device_tlb){ 0 };
	e->ops->stop(e);
	if (!e->shares_id)
		vtd_detach(r);
	if (e->foreign)
		return;
	note("engine %s: does not %s, left out", e->name, started ? "work" : "start");
	some_do_not_start = true;
	/* Another may get its arena. */
	if (started || !machine_reset())
		machine_trouble("a DMA engine does not work");
}

/* "ok", or what it does instead. */
static const char *const not_started = "not-started";
static const char *engine_works(struct dma_engine *e, struct vtd_requester *r, u32 wanted)
{
	if (!engine_start(e, r, wanted))
		return not_started;
	if (e->can & DMA_ATS)
		machine.dtlb = vtd_device_tlb(r, e->dtlb_depth);
	return probe_engine(e, machine.unit) ? "ok" : "failed";
}

static bool is_attached(const struct dma_engine *e)
{
	bool attached = false;

	for (unsigned i = 0; i < machine.engines; i++)
		attached |= machine_share_id(machine.engine[i], e);
	return attached;
}

/* Where the arena must be for a driver's words there can be one, and a device has one driver. */
static bool is_taken(const struct dma_engine *e)
{
	bool taken = false;

	for (unsigned i = 0; i < machine.engines; i++)
		taken |= machine.engine[i]->fn == e->fn ||
			 (e->ops->arena_at && machine.engine[i]->ops->arena_at == e->ops->arena_at);
	return taken;
}

/* False, with a note: it is left out. */
static bool engine_add(const struct dmar *dmar, struct dma_engine *e, u32 wanted)
{
	const char *why_not = NULL;
	struct vtd_unit *u = unit_for(e->fn, &why_not);
	struct vtd_requester *r = &machine.requester[machine.engines];
	char can[DMA_CAN_TEXT];

	if (u && !why_not)
		why_not = ats_lacks(dmar, u, e);
	if (why_not)
		u = NULL;
	if (why_not && !machine.engines)
		machine.no_sva = why_not;
	if (!u || (machine.unit && u != machine.unit) || is_taken(e)) {
		note("engine %s: left out: %s%s", e->name, why_not ? "needs " : "",
		     why_not ? why_not
		     : !u    ? machine.trouble
		     : u != machine.unit
			     ? "it is not behind the unit in use"
			     : "its rings would be where another's are, or it is in use");
		return false;
	}
	if (!machine.unit) {
		if (!unit_start(u)) {
			machine_trouble("the IOMMU does not start");
			return false;
		}
		machine.unit = u;
		machine.walks_snoop = vtd_walk_coherent(u);
		if (!machine.walks_snoop)
			kmap_walkers_do_not_snoop();
		machine.caches_absent = vtd_caches_absent(u);
		machine_spaces(u, (struct va){ ARENAS });
	}
	e->shares_id = is_attached(e);
	arena_map(e);
	const char *found = engine_works(e, r, wanted);

	if (!e->foreign)
		note("engine %s rid=%#x pasid=%u can=%s conformance=%s end=\"%s\"", e->name,
		     pci_requester(e->fn), machine.pasid, dma_can(e->can, can), found, e->ops->end);
	if (strcmp(found, "ok") != 0) {
		leave_out(e, r, found != not_started);
		return false;
	}
	machine.engine[machine.engines++] = e;
	machine.no_sva = machine.caches_absent
				 ? "first-stage translation, or none of the caching mode"
				 : NULL;
	return true;
}

static bool is_added(const struct dma_engine *e)
{
	bool added = false;

	for (unsigned i = 0; i < machine.engines; i++)
		added |= machine.engine[i] == e;
	return added;
}

/* The best one that can do that, or if that is left out the next best. */
static void engine_add_best(const struct dmar *dmar, u32 need, const char *name, u32 wanted)
{
	struct dma_engine *e;

	while ((e = dma_pick(need, name)) && !is_added(e))
		e->left_out = !engine_add(dmar, e, wanted);
}

static void engines_start(const struct dmar *dmar, const struct options *o)
{
	/* Any number but 0 tells a unit that honours RID_PASID from one that does not. */
	u32 wanted = o->pasid == PASID_UNSET ? 0x2a : (u32)o->pasid;
	bool all = !strcmp(o->engine, DMA_ALL_ENGINES);
	const char *name = all ? "" : o->engine;
	struct dma_engine *e;
	char names[160];

	dma_find();
	if (!strcmp(o->engine, DMA_NO_ENGINE)) {
		machine.no_sva = "a DMA engine (ENGINE=none)";
		return;
	}
	if (name[0] && !dma_pick(0, name))
		panic("command line: this machine has no engine %s; those that it has: %s", name,
		      dma_names(names, sizeof names));
	if (!dmar->units) {
		if (dmar->amd_vi)
			machine.no_sva = "VT-d (AMD-Vi is here, and left as it is)";
		return;
	}
	machine.no_sva = "a DMA engine";
	/* One that reads and writes for most, and the quick writer if there is one. */
	engine_add_best(dmar, DMA_READ | DMA_WRITE, name, wanted);
	if (!machine.engines)
		engine_add_best(dmar, DMA_READ, name, wanted);
	/* Once started, one may turn out only to read. */
	engine_add_best(dmar, DMA_WRITE, name[0] ? name : "iommu-testdev", wanted);
	engine_add_best(dmar, DMA_ATS, name, wanted);
	for (unsigned i = 0; all && (e = dma_nth(i)); i++)
		if (e->ops->by_name)
			note("engine %s: left out: only ENGINE=%s takes it", e->name, e->name);
		else if (!is_added(e) && !e->left_out)
			engine_add(dmar, e, wanted);
	if (some_do_not_start && !machine.engines)
		machine_trouble("no DMA engine starts");
	if (machine.dtlb.depth)
		note("device tlb rid=%#x invalidate_queue_depth=%u", machine.dtlb.sid,
		     machine.dtlb.depth);
	if (machine.engines)
		machine.peer = peer_find();
}

void machine_start(const struct dmar *dmar, const struct options *o)
{
	machine.address_bits = dmar->address_bits;
	units_take_over(dmar);
	engines_start(dmar, o);
	units_for_held();
}
