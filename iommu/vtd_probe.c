#include "iommu/vtd_listing.h"
#include "iommu/vtd_unit.h"
#include "kernel/print.h"

enum { FAULT_RECORD = 16 };

/* Where the fault records end: they are the only registers beyond the first page that are used. */
static u64 registers_end(u64 cap)
{
	u64 end = (get(cap, VTD_CAP_FRO) + get(cap, VTD_CAP_NFR) + 1) * FAULT_RECORD;

	return end > PAGE_SIZE ? end : PAGE_SIZE;
}

static unsigned drains(u64 cap)
{
	return (get(cap, VTD_CAP_DWD) ? VTD_DRAIN_WRITES : VTD_DRAIN_NONE) |
	       (get(cap, VTD_CAP_DRD) ? VTD_DRAIN_READS : VTD_DRAIN_NONE);
}

bool vtd_probe(struct vtd_unit *u, unsigned index, u16 segment, struct pa base, u64 window)
{
	char buf[VTD_TEXT_MAX];
	u32 ver;

	*u = (struct vtd_unit){ .index = index, .segment = segment, .base = base };
	u->regs = device_map(base, PAGE_SIZE);
	if (!u->regs)
		return false;
	ver = vtd_read32(u, VTD_VER);
	u->cap = vtd_read64(u, VTD_CAP);
	u->ecap = vtd_read64(u, VTD_ECAP);
	if (!ver || !u->cap || !~ver || !~u->cap || !~u->ecap) {
		note("vtd%u at 0x%llx does not answer: VER=0x%08x CAP=0x%016llx ECAP=0x%016llx",
		     index, (unsigned long long)base.v, ver, (unsigned long long)u->cap,
		     (unsigned long long)u->ecap);
		return false;
	}
	if (registers_end(u->cap) > window)
		note("vtd%u registers end at 0x%llx, firmware states a window of 0x%llx", index,
		     (unsigned long long)registers_end(u->cap), (unsigned long long)window);
	u->regs = device_map(base, registers_end(u->cap));
	if (!u->regs)
		return false;
	u->drain = drains(u->cap);
	u->scalable = get(u->ecap, VTD_ECAP_SMTS);
	note("vtd%u base=0x%llx segment=%u version=%llu.%llu", index, (unsigned long long)base.v,
	     segment, (unsigned long long)get(ver, VTD_VER_MAX),
	     (unsigned long long)get(ver, VTD_VER_MIN));
	note("vtd%u CAP=%s", index, vtd_describe(buf, sizeof buf, VTD_CAP_LISTING, &u->cap));
	note("vtd%u ECAP=%s", index, vtd_describe(buf, sizeof buf, VTD_ECAP_LISTING, &u->ecap));
	return true;
}

unsigned vtd_second_levels(const struct vtd_unit *u)
{
	/* Bit n of SAGAW: tables of n + 2 levels. */
	u64 sagaw = get(u->cap, VTD_CAP_SAGAW);

	return sagaw & 4 ? 4 : sagaw & 2 ? 3 : 0;
}

/* Why the second stage is no use, in words, or NULL. */
static const char *second_lacks(const struct vtd_unit *u)
{
	if (!vtd_second_levels(u) || (u->scalable && !get(u->ecap, VTD_ECAP_SSTS)))
		return "translation by tables of 3 or 4 levels";
	if (get(u->cap, VTD_CAP_RWBF))
		return "first-stage translation, or no write buffer to flush";
	return NULL;
}

/* Only of a first stage is it true that making an entry present needs nothing but the store (VT-d 6.1, 6.8). */
bool vtd_has_second_stage(const struct vtd_unit *u)
{
	return !second_lacks(u) &&
	       !(get(u->cap, VTD_CAP_CM) && vtd_shared_stage(u) == VTD_FIRST_STAGE);
}

bool vtd_caches_absent(const struct vtd_unit *u)
{
	return get(u->cap, VTD_CAP_CM) && vtd_shared_stage(u) == VTD_SECOND_STAGE;
}

enum vtd_pgtt vtd_shared_stage(const struct vtd_unit *u)
{
	return u->scalable && get(u->ecap, VTD_ECAP_FSTS) ? VTD_FIRST_STAGE : VTD_SECOND_STAGE;
}

const char *vtd_lacks(const struct vtd_unit *u)
{
	if (!get(u->ecap, VTD_ECAP_QI))
		return "queued invalidation";
	return vtd_shared_stage(u) == VTD_FIRST_STAGE ? NULL : second_lacks(u);
}
