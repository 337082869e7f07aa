/* U06: the unit in another mode, for one access; then in the machine's own again, whatever came of it. */
#include "kernel/string.h"
#include "tests/reserved.h"
#include "tests/unit/world.h"

static const char *lacks(const struct mode_row *m)
{
	const struct vtd_unit *u = machine.unit;

	if (m->nowhere || m->value == UNIT_HOLE >> PAGE_SHIFT) {
		if (unit_no_hole())
			return unit_no_hole();
	}
	/* They would be refused meanwhile. */
	if (reserved_attached())
		return "a unit that serves no function with reserved memory";
	if (vtd_second_levels(u) != PG_512G)
		return "a second stage of four levels for the legacy mode (CAP.SAGAW)";
	if (m->alone && !get(u->cap, VTD_CAP_ESRTPS))
		return "a unit that forgets everything by SRTP (CAP.ESRTPS)";
	return NULL;
}

/* With translation off it takes many times as long in emulation: for who asks how the mode changes, not what it means. */
static bool alone(const struct mode_row *m)
{
	return m->alone || (m->field != UNIT_NO_FIELD && get(machine.unit->cap, VTD_CAP_ESRTPS));
}

static bool passes(const struct mode_row *m)
{
	return m->field == VTD_LCTX_TT && m->value == LEGACY_PASS_THROUGH;
}

static void others(const struct unit_world *w, bool start)
{
	for (unsigned i = 0; i < machine.engines; i++) {
		struct dma_engine *e = machine.engine[i];

		if (e == w->engine)
			continue;
		if (!start)
			e->ops->stop(e);
		else if (!e->ops->start(e))
			machine_trouble("a DMA engine does not work any more");
	}
}

/* A root table of the legacy mode, with this requester alone; RTADDR for it. */
static u64 legacy_root(struct unit_world *w, const struct mode_row *m)
{
	struct pa root = unit_table(w), contexts = unit_table(w);
	u64 *entry = (u64 *)direct(root) + get(w->sid, VTD_SID_BUS) * 2,
	    *context = (u64 *)direct(contexts) + get(w->sid, VTD_SID_DEVFN) * 2;
	struct vtd_legacy_context e = vtd_legacy_context_entry(w->root, PG_512G, w->did);

	/* The widest then (VT-d 9.3). */
	if (passes(m) && get(w->unit->cap, VTD_CAP_SAGAW) >> 3 & 1)
		e.w[1] |= put(VTD_LCTX_AW, 3);
	unit_set(w, &context[1], e.w[1]);
	unit_set(w, &context[0], e.w[0]);
	unit_set(w, &entry[0], vtd_root_half(contexts));
	w->entry[UNIT_ROOT] = entry;
	w->entry[UNIT_CONTEXT] = context;
	return root.v;
}

static bool set_root(struct vtd_unit *u, u64 rtaddr)
{
	vtd_write64(u, VTD_RTADDR, rtaddr);
	return vtd_gcmd(u, VTD_GCMD_SRTP, VTD_ON);
}

/* A reserved mode takes no descriptor, and the legacy mode none about PASIDs (VT-d 6.5.2): before, or after. */
static bool enter(struct vtd_unit *u, const struct mode_row *m, u64 rtaddr)
{
	const struct vtd_desc all[] = { vtd_cc_global(), vtd_iotlb_global(u->drain) };
	bool legacy = m->ttm == VTD_TTM_LEGACY;

	if (alone(m))
		return set_root(u, rtaddr);
	return vtd_gcmd(u, VTD_GCMD_TE, VTD_OFF) && (legacy || vtd_forget_all(u) == VTD_OK) &&
	       set_root(u, rtaddr) && (!legacy || vtd_in_turn(u, all, ARRAY_SIZE(all)) == VTD_OK) &&
	       vtd_gcmd(u, VTD_GCMD_TE, VTD_ON);
}

/* From wherever enter() got to, with no step left out. */
static bool leave(struct vtd_unit *u, bool by_itself)
{
	bool ok = by_itself || vtd_gcmd(u, VTD_GCMD_TE, VTD_OFF);

	ok &= set_root(u, direct_pa(u->root).v | put(VTD_RTADDR_TTM, VTD_TTM_SCALABLE));
	ok &= by_itself || (vtd_forget_all(u) == VTD_OK && vtd_gcmd(u, VTD_GCMD_TE, VTD_ON));
	if (!ok)
		machine_trouble("the unit does not come back to scalable mode");
	return ok;
}

static void try_it(struct unit_world *w, struct unit_run *r, const struct mode_row *m, u64 rtaddr)
{
	enum vtd_access access = (enum vtd_access)m->access;
	u64 va = passes(m) ? w->frame[UNIT_NEW].v : m->va ? m->va : UNIT_VA;
	u64 *pasid = w->entry[UNIT_PASID];
	char text[UNIT_SEEN_TEXT];
	struct unit_seen s = { 0 };

	/* The legacy mode does not look at it: who gets through is in that mode. */
	if (m->ttm == VTD_TTM_LEGACY)
		unit_set(w, pasid, *pasid & ~mask(VTD_PASID_P));
	bool entered = enter(w->unit, m, rtaddr);
	const struct vtd_desc offered = { { m->offers } };
	const char *answer = entered && m->offers ? unit_offer(w, r, &offered) : NULL;
	if (entered && (!answer || !r->error))
		s = unit_access(w, access, va);
	/* Cached now is the new frame. */
	if (entered && (m->back || m->offers) && s.at != UNIT_NEW)
		r->error = "the legacy mode does not translate";
	if (m->back)
		unit_set(w, w->entry[UNIT_PTE], unit_leaf(PG_4K, w->frame[UNIT_OLD]));
	if (m->ttm == VTD_TTM_LEGACY)
		unit_set(w, pasid, *pasid | mask(VTD_PASID_P));
	bool left = leave(w->unit, alone(m));
	if (!entered || !left) {
		r->error = "the unit does not change its mode";
		return;
	}
	if (m->back)
		s = unit_access(w, access, va);
	unit_saw(r, "%s", answer ? answer : unit_seen_text(text, &s));
}

static void want(struct unit_run *r, const struct mode_row *m)
{
	bool has = m->unless && get(machine.unit->ecap, m->unless);

	if (m->offers)
		unit_want(r, "refused");
	else if (m->reason && !has)
		unit_want_reason(r, "", m->reason, 0);
	else if (m->ttm == VTD_TTM_ABORT) {
		unit_want(r, "reason=0x33");
		/* So revisions before 5.0. */
		r->allowed = !strcmp(r->seen, "nothing");
	} else
		unit_want(r, m->va ? "nothing" : m->back ? "old" : "new");
}

void unit_mode(const struct unit_row *row, struct unit_run *r)
{
	const struct mode_row *m = (const struct mode_row *)(const void *)row;
	const char *access = m->access == VTD_READ ? "read" : "write";
	struct unit_world *w;
	u64 rtaddr;

	r->missing = lacks(m);
	if (r->missing)
		return;
	w = unit_open(r, (m->access == VTD_READ ? DMA_READ : DMA_WRITE) |
				 (passes(m) ? DMA_NO_RINGS : 0));
	if (!w)
		return;
	unit_did(r, "a %s; the PT entry leads to the new page; a %s%s", access, access,
		 m->ttm == VTD_TTM_LEGACY ? "; P of the PASID entry made 0" : "");
	unit_access(w, (enum vtd_access)m->access, UNIT_VA);
	unit_set(w, w->entry[UNIT_PTE], unit_leaf(PG_4K, w->frame[UNIT_NEW]));
	/* Without a change of mode. */
	r->blind = unit_access(w, (enum vtd_access)m->access, UNIT_VA).at != UNIT_OLD;
	r->no_power = machine.facts[FACT_IOTLB_KEEPS] ? NULL : "no translation is kept here";
	rtaddr = m->nowhere                ? UNIT_HOLE
		 : m->ttm == VTD_TTM_ABORT ? direct_pa(w->unit->root).v
					   : legacy_root(w, m);
	if (m->field != UNIT_NO_FIELD)
		unit_change(w, r, (enum unit_entry)m->entry, m->field, m->value);
	unit_did(r, "RTADDR: %s, TTM=%u; SRTP, %s",
		 m->nowhere                ? "where there is no memory"
		 : m->ttm == VTD_TTM_ABORT ? "the root table"
					   : "a root table of the legacy mode",
		 m->ttm,
		 alone(m) ? "while translation is on; no descriptor"
			  : "while translation is off; everything invalidated; translation on");
	if (m->offers)
		unit_did(r, "descriptor %#lx 0 0 0; a %s", m->offers, access);
	else
		unit_did(r, "a %s%s", access,
			 m->back ? "; P 1 again, and scalable mode; one more" : "");
	others(w, false);
	try_it(w, r, m, rtaddr | put(VTD_RTADDR_TTM, m->ttm));
	others(w, true);
	want(r, m);
	unit_close(w, r);
}
