/* U01: the queue with descriptors of 128 bits, for as long as one is tried. */
#include "kernel/format.h"
#include "kernel/time.h"
#include "tests/unit/world.h"

enum { DEADLINE_MS = 100, SPARE_STATUS = 64 /* bytes into the frame of status words */ };
enum { NARROW = 2, WIDE = 4 /* words */ };

/* Empty, and what it had last was a wait. */
static bool begin_with(struct vtd_unit *u, u32 words)
{
	struct vtd_queue *q = &u->queue;

	if (!vtd_gcmd(u, VTD_GCMD_QIE, VTD_OFF))
		return false;
	q->words = words;
	q->slots = (u32)(PAGE_SIZE / (words * sizeof *q->ring));
	q->head = q->tail = 0;
	vtd_write64(u, VTD_IQT, 0);
	vtd_write64(u, VTD_IQA, direct_pa(q->ring).v | put(VTD_IQA_DW, words == WIDE));
	return vtd_gcmd(u, VTD_GCMD_QIE, VTD_ON);
}

/* One more; was it refused? Then it is taken for nothing, so that a unit that refuses each has seen the last. */
static bool is_refused(struct vtd_unit *u, struct unit_run *r, const struct vtd_desc *d)
{
	u32 fsts = 0;

	vtd_queue_fill(&u->queue, d);
	vtd_write64(u, VTD_IQT, vtd_queue_tail(&u->queue));
	if (!until(DEADLINE_MS,
		   get(fsts = vtd_read32(u, VTD_FSTS), VTD_FSTS_IQE) ||
			   vtd_read64(u, VTD_IQH) == vtd_queue_tail(&u->queue),
		   "the unit to take or refuse a descriptor"))
		r->error = "the queue does not go on";
	if (!get(fsts, VTD_FSTS_IQE))
		return false;
	u->queue.tail--;
	return true;
}

void unit_narrow(const struct unit_row *row, struct unit_run *r)
{
	const struct narrow_row *x = (const struct narrow_row *)(const void *)row;
	const struct vtd_desc d = { { x->low } };
	struct vtd_unit *u = machine.unit;
	const struct pa spare = { u->queue.status_pa.v + SPARE_STATUS };
	const struct vtd_desc last = vtd_wait(spare, 0, VTD_WAIT_PLAIN);

	unit_did(r, "IQA.DW=0 in scalable mode; descriptor %#lx 0, in 128 bits", x->low);
	unit_want(r, "refused");
	if (!begin_with(u, NARROW)) {
		r->error = "the queue does not begin with descriptors of 128 bits";
		return;
	}
	bool refused = is_refused(u, r, &d);

	if (refused) {
		u64 cause = get(vtd_read64(u, VTD_IQERCD), VTD_IQERCD_IQEI);

		format(r->fact, sizeof r->fact, "IQEI=%lu", cause);
	}
	/* Cleared behind the wait that is in its place. */
	unit_saw(r, refused ? "refused" : "taken");
	if (refused)
		vtd_write32(u, VTD_FSTS, (u32)mask(VTD_FSTS_IQE));
	if (is_refused(u, r, &last))
		vtd_write32(u, VTD_FSTS, (u32)mask(VTD_FSTS_IQE));
	if (!begin_with(u, WIDE) || !machine_reset()) {
		r->error = "the queue does not go on with descriptors of 256 bits";
		machine_trouble(r->error);
	}
}
