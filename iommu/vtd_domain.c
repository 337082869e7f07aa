#include "iommu/vtd_domain.h"
#include "iommu/vtd_legacy.h"
#include "iommu/vtd_publish.h"
#include "kernel/format.h"
#include "kernel/print.h"
#include "mm/frame.h"

enum { RID_TEXT = 16 };

static const char *rid_text(char *buf, size_t size, u16 sid)
{
	format(buf, size, "%02x:%02x.%x", (unsigned)get(sid, VTD_SID_BUS),
	       (unsigned)get(sid, VTD_SID_DEV), (unsigned)get(sid, VTD_SID_FN));
	return buf;
}

static struct vtd_context *context_of(struct vtd_unit *u, u16 sid)
{
	u64 *half = &u->root[get(sid, VTD_SID_BUS)].w[get(sid, VTD_SID_HALF)];
	struct vtd_context *table;

	if (!get(*half, VTD_ROOT_LP))
		vtd_store(u, half, vtd_root_half(vtd_new_table(u, 0)));
	table = direct((struct pa){ *half & mask(VTD_ROOT_LCTP) });
	return &table[get(sid, VTD_SID_INDEX)];
}

/* Order of the directory in frames. */
static unsigned dir_order(unsigned pdts)
{
	unsigned order = 0;

	while (PAGE_SIZE << order < vtd_pasid_dir_bytes(pdts))
		order++;
	return order;
}

bool vtd_has_rid_pasid(const struct vtd_unit *u) { return get(u->ecap, VTD_ECAP_RPS); }

bool vtd_has_ats(const struct vtd_unit *u) { return u->scalable && get(u->ecap, VTD_ECAP_DT); }

struct vtd_device_tlb vtd_device_tlb(const struct vtd_requester *r, unsigned depth)
{
	return (struct vtd_device_tlb){ r->sid, get(r->unit->ecap, VTD_ECAP_DIT) ? r->sid : 0,
					depth };
}

bool vtd_attach(struct vtd_unit *u, u16 sid, u32 rid_pasid, enum vtd_ats ats,
		struct vtd_requester *r)
{
	/* Absence was cached, if at all, under domain id 0. */
	const struct vtd_desc heard[] = {
		vtd_cc_device(0, sid),
		vtd_pc_domain(0),
		vtd_iotlb_domain(0, u->drain),
	};
	unsigned pdts = vtd_pdts_for(rid_pasid);
	struct vtd_context *c, entry;
	char buf[RID_TEXT];
	struct pa dir;

	if (!u->scalable)
		return vtd_legacy_attach(u, sid, r);
	c = context_of(u, sid);
	if (get(c->w[0], VTD_CTX_P) || rid_pasid >= 1u << VTD_PASID_BITS_MAX) {
		note("vtd%u requester %s not attached: %s", u->index,
		     rid_text(buf, sizeof buf, sid),
		     get(c->w[0], VTD_CTX_P) ? "attached already" : "RID_PASID too wide");
		return false;
	}
	dir = vtd_new_table(u, dir_order(pdts));
	entry = vtd_context_entry(dir, pdts, rid_pasid, ats);
	*r = (struct vtd_requester){
		.unit = u, .sid = sid, .rid_pasid = rid_pasid, .pdts = pdts, .dir = direct(dir)
	};
	vtd_publish(u, c->w, entry.w, ARRAY_SIZE(entry.w));
	return vtd_appeared(u, heard, ARRAY_SIZE(heard)) == VTD_OK;
}

u32 vtd_domain_ids(const struct vtd_unit *u) { return 16u << 2 * get(u->cap, VTD_CAP_ND); }

static struct vtd_pasid *table_of(const struct vtd_requester *r, u32 pasid)
{
	u64 w = r->dir[pasid / VTD_PASIDS_PER_TABLE].w[0];

	return get(w, VTD_PDIR_P) ? direct((struct pa){ w & mask(VTD_PDIR_SMPTBLPTR) }) : NULL;
}

static bool reaches(const struct vtd_requester *r, u32 pasid)
{
	return pasid / VTD_PASIDS_PER_TABLE < vtd_pasid_dir_bytes(r->pdts) / sizeof *r->dir;
}

struct vtd_pasid vtd_pasid_for(const struct vtd_unit *u, const struct vtd_space *s)
{
	enum vtd_snoop walk = vtd_walk_coherent(u) ? VTD_SNOOP : VTD_NO_SNOOP;

	return s->stage == VTD_FIRST_STAGE
		       ? vtd_first_stage_entry(s->root, s->did, walk)
		       : vtd_second_stage_entry(s->root, s->levels, s->did, walk);
}

u64 *vtd_pasid_words(const struct vtd_requester *r, u32 pasid)
{
	return table_of(r, pasid)[pasid % VTD_PASIDS_PER_TABLE].w;
}

u64 *vtd_context_words(const struct vtd_requester *r) { return context_of(r->unit, r->sid)->w; }

/* All that the IOTLB has of an address space. */
static struct vtd_desc all_of(const struct vtd_unit *u, enum vtd_pgtt stage, u16 did, u32 pasid)
{
	return stage == VTD_FIRST_STAGE ? vtd_piotlb_all(did, pasid)
					: vtd_iotlb_domain(did, u->drain);
}

enum vtd_status vtd_pasid_set(struct vtd_requester *r, u32 pasid, const struct vtd_space *s)
{
	struct vtd_unit *u = r->unit;
	/* What was not present is kept under domain id 0 (VT-d 6.2.3). */
	const struct vtd_desc heard[] = { vtd_pc_domain(0), vtd_pc_pasid(s->did, pasid),
					  all_of(u, s->stage, s->did, pasid) };
	struct vtd_pasid entry = vtd_pasid_for(u, s);
	struct vtd_pasid *table;

	if (!s->did || s->did >= vtd_domain_ids(u) || (u->scalable ? !reaches(r, pasid) : pasid)) {
		note("vtd%u pasid=0x%x did=%u out of range", u->index, pasid, s->did);
		return VTD_REFUSED;
	}
	if (!u->scalable)
		return vtd_legacy_set(r, s);
	if (!table_of(r, pasid))
		vtd_store(u, r->dir[pasid / VTD_PASIDS_PER_TABLE].w,
			  vtd_pasid_dir_entry(vtd_new_table(u, 0)).w[0]);
	table = table_of(r, pasid);
	if (get(table[pasid % VTD_PASIDS_PER_TABLE].w[0], VTD_PASID_P)) {
		note("vtd%u pasid=0x%x is present already", u->index, pasid);
		return VTD_REFUSED;
	}
	vtd_publish(u, table[pasid % VTD_PASIDS_PER_TABLE].w, entry.w, ARRAY_SIZE(entry.w));
	return vtd_appeared(u, heard, ARRAY_SIZE(heard));
}

enum vtd_status vtd_pasid_clear(struct vtd_requester *r, u32 pasid)
{
	struct vtd_pasid *table, *e;
	enum vtd_status s;
	enum vtd_pgtt stage;
	u16 did;

	if (!r->unit->scalable)
		return vtd_legacy_clear(r);
	table = reaches(r, pasid) ? table_of(r, pasid) : NULL;
	if (!table)
		return VTD_OK;
	e = &table[pasid % VTD_PASIDS_PER_TABLE];
	if (!get(e->w[0], VTD_PASID_P))
		return VTD_OK;
	did = (u16)get(e->w[1], VTD_PASID_DID);
	stage = (enum vtd_pgtt)get(e->w[0], VTD_PASID_PGTT);
	/* Only Present: a walk that reads the entry now sees the old one or none. */
	vtd_store(r->unit, &e->w[0], e->w[0] & ~mask(VTD_PASID_P));
	/*
	 * Context: by the manual not needed, but QEMU looks at P only when it reads that entry
	 * again.
	 */
	const struct vtd_desc forget[] = {
		vtd_cc_device(0, r->sid),
		vtd_pc_pasid(did, pasid),
		all_of(r->unit, stage, did, pasid),
	};
	s = vtd_forget(r->unit, forget, ARRAY_SIZE(forget));
	if (s == VTD_OK)
		vtd_wipe(r->unit, e->w, ARRAY_SIZE(e->w));
	return s;
}

static void free_tables(struct vtd_requester *r)
{
	u64 entries = vtd_pasid_dir_bytes(r->pdts) / sizeof *r->dir;

	for (u32 i = 0; i < entries; i++)
		if (table_of(r, i * VTD_PASIDS_PER_TABLE))
			frame_put(direct_pa(table_of(r, i * VTD_PASIDS_PER_TABLE)));
	for (u64 at = 0; at < PAGE_SIZE << dir_order(r->pdts); at += PAGE_SIZE)
		frame_put((struct pa){ direct_pa(r->dir).v + at });
}

enum vtd_status vtd_detach(struct vtd_requester *r)
{
	struct vtd_unit *u = r->unit;
	struct vtd_context *c;
	enum vtd_status s;

	if (!u)
		return VTD_OK;
	if (!u->scalable)
		return vtd_legacy_detach(r);
	c = context_of(u, r->sid);
	vtd_store(u, &c->w[0], c->w[0] & ~mask(VTD_CTX_P));
	const struct vtd_desc forget[] = {
		vtd_cc_device(0, r->sid),
		vtd_pc_global(),
		vtd_iotlb_global(u->drain),
	};
	s = vtd_forget(u, forget, ARRAY_SIZE(forget));
	if (s != VTD_OK)
		return s;
	vtd_wipe(u, c->w, ARRAY_SIZE(c->w));
	free_tables(r);
	*r = (struct vtd_requester){ 0 };
	return VTD_OK;
}
