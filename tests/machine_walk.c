/* What engines walk: which tables, under which domain ids and PASIDs. */
#include "kernel/print.h"
#include "mm/frame.h"
#include "mm/kmap.h"
#include "tests/listing.h"
#include "tests/machine.h"

static const char *stage_name(const struct vtd_space *s)
{
	return s->stage == VTD_FIRST_STAGE ? "first-stage" : "second-stage";
}

void machine_spaces(struct vtd_unit *u, struct va low)
{
	struct pa entry = pt_entry(&kernel_tables, kernel_root, low, PG_1G);
	struct pa lowest = { entry.v & ~(PAGE_SIZE - 1) };

	machine.shared = vtd_shared_space(u, kernel_root, lowest, DOMAIN);
	machine.space = machine.shared;
	machine.nothing = machine.shared;
	machine.nothing.did = DOMAIN_NOTHING;
	machine.nothing.root = frame_alloc(FRAME_TABLE);
	vtd_write_back(u, direct(machine.nothing.root), PAGE_SIZE);
	machine.mirror = vtd_table_new(u, DOMAIN_MIRROR);
	machine.stranger = vtd_table_new(u, DOMAIN_NOTHING);
	machine.marks = machine.shared.stage == VTD_FIRST_STAGE;
	note("iommu tables: shared=%s levels=%u mirror=%s levels=%u a_d=%s",
	     stage_name(&machine.shared), machine.shared.levels, stage_name(&machine.mirror.space),
	     machine.mirror.space.levels, machine.marks ? "set" : "ignored");
}

bool machine_has_pasids(void) { return machine.pasid && machine.marks; }

/* Bits of the addresses that cases of the unit use: tests/unit/rows.h, UNIT_VA. */
enum { SECOND_BITS = 40 };

bool machine_has_second(void)
{
	const struct vtd_unit *u = machine.unit;

	return u && u->scalable && get(u->ecap, VTD_ECAP_SSTS) && vtd_second_levels(u) == PG_512G &&
	       get(u->cap, VTD_CAP_MGAW) + 1 >= SECOND_BITS;
}

/* RID_PASID is in the context entry. */
static bool let_walk(struct vtd_requester *r, u32 pasid, const struct vtd_space *s)
{
	if (r->rid_pasid == pasid)
		return vtd_pasid_clear(r, pasid) == VTD_OK && vtd_pasid_set(r, pasid, s) == VTD_OK;
	u16 sid = r->sid;

	return vtd_detach(r) == VTD_OK && vtd_attach(machine.unit, sid, pasid, VTD_NO_ATS, r) &&
	       vtd_pasid_set(r, pasid, s) == VTD_OK &&
	       vtd_pasid_set(r, 0, &machine.nothing) == VTD_OK;
}

bool machine_walk(bool mirror, const struct dma_engine *apart, u8 spaces)
{
	const struct vtd_space *to = mirror ? &machine.mirror.space : &machine.shared;
	struct vtd_space alone = *to;
	/* Not 0, and in one PASID table with the other: as many frames. */
	u32 beside = machine.pasid == 1 ? 2 : machine.pasid ^ 1;
	u32 pasid = apart && spaces == TWO_PASIDS ? beside : machine.pasid;
	bool ok = true;

	if (apart && spaces == ONE_DOMAIN)
		alone = machine.mirror.space;
	alone.did = apart && spaces == TWO_DOMAINS ? DOMAIN_APART : to->did;
	bool same = machine.apart == apart &&
		    (!apart || (machine.apart_pasid == pasid && machine.apart_did == alone.did));
	if (!machine.unit || (machine.space.did == to->did && same))
		return true;
	/* An engine that runs may look at its rings at any time, and must not find them gone. */
	for (unsigned i = 0; i < machine.engines; i++)
		machine.engine[i]->ops->stop(machine.engine[i]);
	for (unsigned i = 0; i < machine.engines; i++)
		ok &= machine.engine[i]->shares_id ? true
		      : machine.engine[i] == apart
			      ? let_walk(&machine.requester[i], pasid, &alone)
			      : let_walk(&machine.requester[i], machine.pasid, to);
	machine.space = *to;
	machine.apart = apart;
	machine.apart_did = alone.did;
	machine.apart_pasid = pasid;
	for (unsigned i = 0; i < machine.engines; i++)
		ok &= machine.engine[i]->ops->start(machine.engine[i]);
	if (!ok)
		machine_trouble("the IOMMU does not change tables");
	return ok;
}
