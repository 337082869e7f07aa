#include "tests/reserved.h"
#include "iommu/vtd_domain.h"
#include "iommu/vtd_publish.h"
#include "iommu/vtd_table.h"
#include "kernel/nvme.h"
#include "kernel/pci_regs.h"
#include "kernel/print.h"
#include "kernel/xhci.h"

enum { REQUESTERS = 64 };
/* A graphics engine's may be some hundred MiB; what is beyond that is a mistake of firmware's. */
static const u64 BYTES_MAX = 1ull << 30;

static struct vtd_requester requesters[REQUESTERS];
static unsigned attached;

static bool bridge_buses(u16 segment, u16 rid, struct dmar_buses *out)
{
	const struct pci_function *f = pci_find(segment, (u8)(rid >> 8), rid >> 3 & 31, rid & 7);

	if (!f || f->header != 1)
		return false;
	*out = (struct dmar_buses){ f->secondary, f->subordinate };
	return true;
}

enum dmar_match reserved_unit_of(const struct dmar *dmar, const struct pci_function *f,
				 const struct dmar_unit **unit)
{
	/* A virtual function is where its physical one is (VT-d 8.3.1.1). */
	return dmar_unit_of(dmar, f->segment, pci_rid(f->physical ? f->physical : f), bridge_buses,
			    unit);
}

static enum dmar_listed listed(u16 segment, u16 rid)
{
	const struct pci_function *f = pci_find(segment, (u8)(rid >> 8), rid >> 3 & 31, rid & 7);

	if (!f)
		return DMAR_NOBODY;
	if (f->class >> 16 != PCI_CLASS_DISPLAY)
		return DMAR_OTHER;
	return pci_is_bus_master(f) ? DMAR_MASTERING_DISPLAY : DMAR_STILL_DISPLAY;
}

bool reserved_for_displays(const struct dmar *dmar, const struct dmar_unit *unit)
{
	return dmar_for_displays(dmar, unit, bridge_buses, listed);
}

static bool is_behind(const struct dmar *dmar, const struct dmar_unit *served,
		      const struct pci_function *f)
{
	const struct dmar_unit *unit;

	return reserved_unit_of(dmar, f, &unit) != DMAR_BY_NONE && unit == served;
}

void reserved_hold(const struct dmar *dmar, const struct dmar_unit *served, bool displays)
{
	unsigned count;
	struct pci_function *f = pci_functions(&count);

	for (; count--; f++) {
		unsigned class = f->class >> 16;

		if (class == PCI_CLASS_BRIDGE || (class == PCI_CLASS_DISPLAY && !displays) ||
		    !pci_is_bus_master(f) || !is_behind(dmar, served, f))
			continue;
		pci_bus_master(f, false);
		f->held = true;
		pci_note(f, "is held: translation for it ends");
	}
}

void reserved_release(const struct dmar *dmar, const struct dmar_unit *served)
{
	unsigned count;
	struct pci_function *f = pci_functions(&count);

	for (; count--; f++) {
		if (!f->held || (served && !is_behind(dmar, served, f)))
			continue;
		pci_note(f, served ? "masters the bus again" : "stays held");
		if (!served)
			continue;
		f->held = false;
		pci_bus_master(f, true);
	}
}

static bool is_for(const struct dmar *dmar, const struct dmar_reserved *r,
		   const struct pci_function *f)
{
	return dmar_reserved_for(dmar, r, f->segment, pci_rid(f), bridge_buses);
}

bool reserved_keeps(const struct dmar *dmar, const struct pci_function *f)
{
	bool any = false;

	for (unsigned i = 0; i < dmar->reserved; i++)
		any |= is_for(dmar, &dmar->rmrr[i], f);
	return any && f->class != XHCI_CLASS && f->class != NVME_CLASS;
}

/* Does it master the bus behind that unit, or wait for it, for what is reserved? */
static bool is_served(const struct dmar *dmar, const struct dmar_unit *served,
		      const struct pci_function *f)
{
	return (f->held || pci_is_bus_master(f)) && reserved_keeps(dmar, f) &&
	       is_behind(dmar, served, f);
}

bool reserved_waits(const struct dmar *dmar, const struct dmar_unit *served)
{
	bool any = false;
	unsigned count;
	const struct pci_function *f = pci_functions(&count);

	for (; count--; f++)
		any |= f->held && is_served(dmar, served, f);
	return any;
}

static bool map(const struct vtd_table *t, const struct dmar_reserved *r)
{
	/* The upper half of a first stage is the sign extension of nothing. */
	unsigned bits = 12 + 9 * t->space.levels - (t->space.stage == VTD_FIRST_STAGE);

	if (r->size > BYTES_MAX || (r->base.v + r->size - 1) >> bits) {
		note("dmar rmrr=%#lx bytes=%#lx: too large, or too high, to be mapped", r->base.v,
		     r->size);
		return false;
	}
	/* The unit is not in use yet, and machine_publish() would do nothing for it. */
	for (u64 at = r->base.v; at < r->base.v + r->size; at += PAGE_SIZE)
		vtd_store(t->unit, vtd_table_entry(t, (struct iova){ at }),
			  vtd_table_leaf(t, (struct pa){ at }, true));
	return true;
}

static bool attach_id(const struct vtd_table *t, u16 sid)
{
	struct vtd_requester *r = &requesters[attached];

	/* Behind one bridge they have one id. */
	for (unsigned i = 0; i < attached; i++)
		if (requesters[i].unit == t->unit && requesters[i].sid == sid)
			return true;
	if (attached == REQUESTERS) {
		note("dmar: reserved memory of more than %u requesters", REQUESTERS);
		return false;
	}
	return vtd_attach(t->unit, sid, 0, VTD_NO_ATS, r) && ++attached &&
	       vtd_pasid_set(r, 0, &t->space) == VTD_OK;
}

static bool attach(const struct dmar *dmar, const struct pci_function *f, const struct vtd_table *t)
{
	for (unsigned i = 0; i < dmar->reserved; i++)
		if (is_for(dmar, &dmar->rmrr[i], f) && !map(t, &dmar->rmrr[i]))
			return false;
	note("dmar rid=%#x keeps its reserved memory", pci_rid(f));
	/* A bridge to PCI-X may leave it its own id, for some requests (VT-d 3.12.1). */
	return attach_id(t, pci_requester(f)) && attach_id(t, pci_rid(f));
}

bool reserved_attach(const struct dmar *dmar, const struct dmar_unit *served, struct vtd_unit *u,
		     u16 did)
{
	struct vtd_table t = { 0 };
	unsigned count;
	const struct pci_function *f = pci_functions(&count);

	for (; count--; f++) {
		if (!is_served(dmar, served, f))
			continue;
		if (!t.unit)
			t = vtd_table_new(u, did);
		if (!attach(dmar, f, &t))
			return false;
	}
	return true;
}

unsigned reserved_attached(void) { return attached; }

bool reserved_detach(void)
{
	bool all = true;

	while (attached)
		all &= vtd_detach(&requesters[--attached]) == VTD_OK;
	return all;
}
