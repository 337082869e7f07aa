/* Pure: which remapping unit, which reserved region belongs to a requester; whom a unit is for. */
#include "kernel/acpi_dmar.h"
#include "kernel/bits.h"

/* Requester id, PCI Express 2.2.6.2. */
#define RID_FIELDS(F)       \
	F(RID_BUS, 15, 8)   \
	F(RID_DEVICE, 7, 3) \
	F(RID_FUNCTION, 2, 0)
enum { RID_FIELDS(AS_ENUM) };

/* How near a scope is: a bridge counts the more the fewer buses are behind it. */
enum { NEAR_NOT = 0, NEAR_BRIDGE = 256, NEAR_SELF = NEAR_BRIDGE + 1 };

/* Buses behind the bridge at rid; a bridge whose buses do not follow its own is not set up yet. */
static bool behind(u16 segment, u16 rid, dmar_bridge_fn *bridge, struct dmar_buses *out)
{
	return bridge(segment, rid, out) && out->secondary > get(rid, RID_BUS) &&
	       out->secondary <= out->subordinate;
}

/* Walks the path as firmware means it: every hop but the last is a bridge (VT-d 8.3.1). */
static bool place(const struct dmar_scope *s, u16 segment, dmar_bridge_fn *bridge, u16 *rid)
{
	struct dmar_buses buses = { .secondary = s->bus };

	for (unsigned i = 0; i < s->hops; i++) {
		if (i && !behind(segment, *rid, bridge, &buses))
			return false;
		*rid = (u16)(put(RID_BUS, buses.secondary) | put(RID_DEVICE, s->path[i].dev) |
			     put(RID_FUNCTION, s->path[i].fn));
	}
	return s->hops != 0;
}

static unsigned nearness(const struct dmar_scope *s, u16 segment, u16 rid, dmar_bridge_fn *bridge)
{
	struct dmar_buses buses;
	u16 at;

	if ((s->type != DMAR_ENDPOINT && s->type != DMAR_BRIDGE) || !place(s, segment, bridge, &at))
		return NEAR_NOT;
	if (at == rid)
		return NEAR_SELF;
	if (s->type != DMAR_BRIDGE || !behind(segment, at, bridge, &buses) ||
	    get(rid, RID_BUS) < buses.secondary || get(rid, RID_BUS) > buses.subordinate)
		return NEAR_NOT;
	return NEAR_BRIDGE - (unsigned)(buses.subordinate - buses.secondary);
}

static unsigned nearest(const struct dmar *d, struct dmar_scopes scopes, u16 segment, u16 rid,
			dmar_bridge_fn *bridge)
{
	unsigned best = NEAR_NOT;

	for (unsigned i = 0; i < scopes.count; i++) {
		unsigned n = nearness(&d->scope[scopes.first + i], segment, rid, bridge);

		if (n > best)
			best = n;
	}
	return best;
}

bool dmar_reserved_for(const struct dmar *dmar, const struct dmar_reserved *region, u16 segment,
		       u16 rid, dmar_bridge_fn *bridge)
{
	return region->segment == segment &&
	       nearest(dmar, region->scopes, segment, rid, bridge) != NEAR_NOT;
}

enum dmar_match dmar_unit_of(const struct dmar *dmar, u16 segment, u16 rid, dmar_bridge_fn *bridge,
			     const struct dmar_unit **unit)
{
	const struct dmar_unit *listed = NULL, *all = NULL, *last = NULL;
	unsigned best = NEAR_NOT, in_segment = 0;

	for (unsigned i = 0; i < dmar->units; i++) {
		const struct dmar_unit *u = &dmar->unit[i];
		unsigned n;

		if (u->segment != segment)
			continue;
		last = u;
		in_segment++;
		if (u->include_all)
			all = u;
		n = nearest(dmar, u->scopes, segment, rid, bridge);
		if (n > best) {
			best = n;
			listed = u;
		}
	}
	*unit = listed ? listed : all;
	if (*unit)
		return listed ? DMAR_BY_SCOPE : DMAR_BY_INCLUDE_ALL;
	/* With a unit skipped, the one that is left is not known to be the only one. */
	if (in_segment != 1 || dmar->units_skipped)
		return DMAR_BY_NONE;
	*unit = last;
	return DMAR_BY_ONLY_UNIT;
}

bool dmar_for_displays(const struct dmar *dmar, const struct dmar_unit *unit,
		       dmar_bridge_fn *bridge, dmar_listed_fn *listed)
{
	const struct dmar_scope *s = dmar->scope + unit->scopes.first;
	bool any = false;

	for (const struct dmar_scope *end = s + unit->scopes.count; s < end; s++) {
		enum dmar_listed who = DMAR_NOBODY;
		u16 rid;

		if (place(s, unit->segment, bridge, &rid))
			who = listed(unit->segment, rid);
		if (s->type != DMAR_ENDPOINT || who == DMAR_OTHER)
			return false;
		any |= who == DMAR_MASTERING_DISPLAY;
	}
	return any && !unit->include_all;
}
