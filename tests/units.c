#include "tests/units.h"
#include "iommu/vtd_unit.h"
#include "kernel/print.h"
#include "tests/machine.h"
#include "tests/reserved.h"

static const struct dmar *known;
static struct vtd_unit units[DMAR_UNITS_MAX];
static bool left_alone[DMAR_UNITS_MAX];
static bool obeys[DMAR_UNITS_MAX];      /* it answers and could be switched off */
static bool translated[DMAR_UNITS_MAX]; /* when it was found */

void units_take_over(const struct dmar *dmar)
{
	known = dmar;
	for (unsigned i = 0; i < dmar->units; i++) {
		const struct dmar_unit *d = &dmar->unit[i];

		left_alone[i] = reserved_for_displays(dmar, d);
		if (left_alone[i]) {
			note("vtd%u at %#lx serves displays alone, which go on: left as it is", i,
			     d->base.v);
			continue;
		}
		if (!vtd_probe(&units[i], i, d->segment, d->base, d->size)) {
			units[i].regs = NULL;
			continue;
		}
		translated[i] = vtd_translates(&units[i]);
		if (translated[i])
			reserved_hold(dmar, d, true);
		obeys[i] = vtd_take_over(&units[i]);
	}
}

struct vtd_unit *unit_for(const struct pci_function *f, const char **why_not)
{
	const struct dmar_unit *d;
	enum dmar_match match = reserved_unit_of(known, f, &d);

	if (match == DMAR_BY_NONE) {
		*why_not = "an engine behind an IOMMU";
		return NULL;
	}
	if (match == DMAR_BY_ONLY_UNIT)
		note("dmar rid=%#x not listed: taken for the only unit's", pci_rid(f));
	struct vtd_unit *u = &units[d - known->unit];
	if (left_alone[d - known->unit]) {
		*why_not = "an IOMMU that is not the displays' alone";
		return NULL;
	}
	*why_not = u->regs ? vtd_lacks(u) : "an IOMMU that answers";
	if (*why_not)
		return NULL;
	if (!obeys[d - known->unit]) {
		machine_trouble("the IOMMU does not follow its Global Command register");
		return NULL;
	}
	return u;
}

bool unit_start(struct vtd_unit *u)
{
	const struct dmar_unit *d = &known->unit[u->index];

	if (!vtd_start(u) || !reserved_attach(known, d, u, DOMAIN_RESERVED) ||
	    !vtd_translation_on(u))
		return false;
	reserved_release(known, d);
	return true;
}

void units_for_held(void)
{
	for (unsigned i = 0; i < known->units; i++)
		if (obeys[i] && !units[i].root && !vtd_lacks(&units[i]) &&
		    reserved_waits(known, &known->unit[i]))
			(void)unit_start(&units[i]);
	reserved_release(known, NULL);
}

bool units_stop(void)
{
	bool stopped;

	/* A display that nobody translated for goes on as it was found: it may have the last page of the log. */
	for (unsigned i = 0; i < known->units; i++)
		if (units[i].root)
			reserved_hold(known, &known->unit[i], translated[i]);
	stopped = reserved_detach();
	for (unsigned i = 0; i < known->units; i++)
		stopped &= vtd_stop(&units[i]);
	return stopped;
}
