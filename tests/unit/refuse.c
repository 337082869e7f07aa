/* U01: descriptors that stop the queue. By the queue's registers, because the driver has much to say of each. */
#include "kernel/time.h"
#include "tests/unit/world.h"

enum { DEADLINE_MS = 100, SPARE_STATUS = 64 /* bytes into the frame of status words */ };

static bool stopped(const struct vtd_unit *u) { return get(vtd_read32(u, VTD_FSTS), VTD_FSTS_IQE); }

static bool over(const struct vtd_unit *u)
{
	return vtd_read64(u, VTD_IQH) == vtd_queue_tail(&u->queue) || stopped(u);
}

static bool ring_tail(struct vtd_unit *u)
{
	vtd_write64(u, VTD_IQT, vtd_queue_tail(&u->queue));
	return until(DEADLINE_MS, over(u), "the unit to take or refuse a descriptor");
}

const char *unit_offer(struct unit_world *w, struct unit_run *r, const struct vtd_desc *d)
{
	const struct vtd_desc harmless = vtd_cc_global();
	struct vtd_unit *u = w->unit;
	u32 slot = u->queue.tail;

	vtd_queue_fill(&u->queue, d);
	bool answered = ring_tail(u), refused = stopped(u);
	if (refused) {
		u->queue.tail = slot;
		vtd_queue_fill(&u->queue, &harmless);
		vtd_write32(u, VTD_FSTS, (u32)mask(VTD_FSTS_IQE));
		answered &= ring_tail(u);
	}
	if (!answered || !unit_invalidate(w, r, &harmless, 1))
		r->error = "the queue does not go on";
	return refused ? "refused" : "taken";
}

/* Who has no device TLBs may not know their descriptors; PFSID is no field without DIT. */
static const char *lacks(const struct vtd_unit *u, const struct refused_row *x)
{
	u64 type = x->low & mask(VTD_DESC_TYPE);
	bool pasids = type == VTD_TYPE_PDEVTLB, device = type == VTD_TYPE_DEVTLB || pasids;
	bool pfsid = x->first == (int)field_lo(VTD_DEVTLB_PFSID_LO) ||
		     x->first == (int)field_lo(VTD_DEVTLB_PFSID_HI);

	if (!u->scalable)
		return "a queue of 256 bits";
	if (type == VTD_TYPE_HPT && get(u->ecap, VTD_ECAP_HPTS))
		return "an IOMMU without host permission tables (ECAP.HPTS=0)";
	if (type == VTD_TYPE_IEC && x->taken && !get(u->ecap, VTD_ECAP_IR))
		return "interrupt remapping (ECAP.IR)";
	if (device && !get(u->ecap, VTD_ECAP_DT))
		return "an IOMMU that takes translation requests (ECAP.DT)";
	if (pasids && !get(u->ecap, VTD_ECAP_PASID))
		return "PASID-based device-TLB invalidation (ECAP.PASID)";
	if (device && pfsid && get(u->ecap, VTD_ECAP_DIT))
		return "an IOMMU for which PFSID is reserved (ECAP.DIT=0)";
	return NULL;
}

/* What is not refused anyway: by it the rest of a case is judged. */
static bool takes(struct unit_world *w, struct unit_run *r, const struct vtd_desc *d)
{
	if (unit_offer(w, r, d)[0] == 't')
		return true;
	r->error = "the descriptor that others are held against is refused";
	return false;
}

void unit_refused(const struct unit_row *row, struct unit_run *r)
{
	const struct refused_row *x = (const struct refused_row *)(const void *)row;
	struct unit_groups seen = { .count = 0 }, wanted = { .count = 0 };
	struct vtd_desc base = { { x->low, x->high } };
	struct unit_world *w;

	r->missing = lacks(machine.unit, x);
	if (r->missing)
		return;
	w = unit_open(r, DMA_READ);
	if (!w)
		return;
	if (x->too_large) {
		base.w[1] = put(VTD_PIOTLB_AM, get(w->unit->cap, VTD_CAP_MAMV));
		takes(w, r, &base);
		base.w[1] = put(VTD_PIOTLB_AM, get(w->unit->cap, VTD_CAP_MAMV) + 1);
	}
	if (x->widest)
		base.w[0] |= put(VTD_IEC_IM, get(w->unit->ecap, VTD_ECAP_MHMV));
	if (get(base.w[0], VTD_DESC_TYPE) == VTD_TYPE_WAIT)
		base.w[1] = w->unit->queue.status_pa.v + SPARE_STATUS;
	if (x->first == UNIT_AS_IT_STANDS) {
		unit_did(r, "descriptor %#lx %#lx 0 0", base.w[0], base.w[1]);
		unit_saw(r, "%s", unit_offer(w, r, &base));
		unit_want(r, x->taken ? "taken" : "refused");
	} else if (takes(w, r, &base)) {
		unit_did(r, "descriptor %#lx %#lx 0 0, one of bits %d to %d of it inverted",
			 base.w[0], base.w[1], x->first, x->last);
		for (int bit = x->first; bit <= x->last && !r->error; bit++) {
			struct vtd_desc d = base;

			d.w[word_of(FIELD(bit, bit))] ^= mask(FIELD(bit, bit));
			unit_group(&seen, bit, unit_offer(w, r, &d));
			unit_group(&wanted, bit, "refused");
		}
		unit_groups_text(r->seen, sizeof r->seen, &seen);
		unit_groups_text(r->wanted, sizeof r->wanted, &wanted);
	}
	unit_close(w, r);
}
