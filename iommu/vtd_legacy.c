#include "iommu/vtd_legacy.h"
#include "iommu/vtd_publish.h"
#include "kernel/print.h"

static struct vtd_legacy_context *legacy_context_of(struct vtd_unit *u, u16 sid)
{
	u64 *root = &u->root[get(sid, VTD_SID_BUS)].w[0];
	struct vtd_legacy_context *table;

	if (!get(*root, VTD_ROOT_LP))
		vtd_store(u, root, vtd_root_half(vtd_new_table(u, 0)));
	table = direct((struct pa){ *root & mask(VTD_ROOT_LCTP) });
	return &table[get(sid, VTD_SID_DEVFN)];
}

bool vtd_legacy_attach(struct vtd_unit *u, u16 sid, struct vtd_requester *r)
{
	if (get(legacy_context_of(u, sid)->w[0], VTD_LCTX_P)) {
		note("vtd%u requester %#x not attached: attached already", u->index, sid);
		return false;
	}
	/* The entry comes with the address space. */
	*r = (struct vtd_requester){ .unit = u, .sid = sid };
	return true;
}

enum vtd_status vtd_legacy_set(struct vtd_requester *r, const struct vtd_space *s)
{
	struct vtd_legacy_context entry = vtd_legacy_context_entry(s->root, s->levels, s->did);
	struct vtd_legacy_context *c = legacy_context_of(r->unit, r->sid);
	/* Absence was cached, if at all, under domain id 0. */
	const struct vtd_desc heard[] = {
		vtd_cc_device(0, r->sid),
		vtd_iotlb_domain(0, r->unit->drain),
	};

	if (get(c->w[0], VTD_LCTX_P)) {
		note("vtd%u requester %#x is present already", r->unit->index, r->sid);
		return VTD_REFUSED;
	}
	vtd_publish(r->unit, c->w, entry.w, ARRAY_SIZE(entry.w));
	return vtd_appeared(r->unit, heard, ARRAY_SIZE(heard));
}

enum vtd_status vtd_legacy_clear(struct vtd_requester *r)
{
	struct vtd_legacy_context *c = legacy_context_of(r->unit, r->sid);
	u16 did = (u16)get(c->w[1], VTD_LCTX_DID);
	enum vtd_status s;

	if (!get(c->w[0], VTD_LCTX_P))
		return VTD_OK;
	vtd_store(r->unit, &c->w[0], c->w[0] & ~mask(VTD_LCTX_P));
	const struct vtd_desc forget[] = {
		vtd_cc_device(did, r->sid),
		vtd_iotlb_domain(did, r->unit->drain),
	};
	s = vtd_forget(r->unit, forget, ARRAY_SIZE(forget));
	if (s == VTD_OK)
		vtd_wipe(r->unit, c->w, ARRAY_SIZE(c->w));
	return s;
}

enum vtd_status vtd_legacy_detach(struct vtd_requester *r)
{
	enum vtd_status s = vtd_legacy_clear(r);

	if (s == VTD_OK)
		*r = (struct vtd_requester){ 0 };
	return s;
}
