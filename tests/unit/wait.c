/* U01: a wait descriptor of our own, between those of the driver. The event's interrupt is masked. */
#include "kernel/platform.h"
#include "tests/unit/world.h"

enum { SPARE_STATUS = 64 /* bytes into the frame of status words */ };
enum { BEFORE = 0x5a5a5a5a, DATA = 0x13579bdf };

static unsigned completed(const struct vtd_unit *u)
{
	return (unsigned)get(vtd_read32(u, VTD_ICS), VTD_ICS_IWC);
}

static void clear_completed(const struct vtd_unit *u)
{
	vtd_write32(u, VTD_ICS, (u32)mask(VTD_ICS_IWC));
}

void unit_wait(const struct unit_row *row, struct unit_run *r)
{
	const struct wait_row *x = (const struct wait_row *)(const void *)row;
	struct unit_world *w;

	/* Its issue 3028, mended in 10.1 and in a 10.0 of which the last was tried. */
	if (x->status && x->interrupt && platform.kind == PLATFORM_QEMU &&
	    platform.version < VERSION(10, 0, 13)) {
		r->missing = "a QEMU that an assertion does not end here (10.0.13)";
		return;
	}
	w = unit_open(r, DMA_READ);
	if (!w)
		return;
	const struct pa spare = { w->unit->queue.status_pa.v + SPARE_STATUS };
	volatile u32 *status = direct(spare);
	struct vtd_desc d = vtd_wait(spare, DATA, x->fence ? VTD_WAIT_FENCE : VTD_WAIT_PLAIN);

	d.w[0] = (d.w[0] & ~mask(VTD_WAIT_SW)) | put(VTD_WAIT_SW, x->status) |
		 put(VTD_WAIT_IF, x->interrupt);
	status[0] = status[1] = BEFORE;
	clear_completed(w->unit);
	unit_did(
		r,
		"status words made %#x, ICS.IWC cleared, descriptor %#lx %#lx, then a wait of the driver's",
		BEFORE, d.w[0], d.w[1]);
	const char *answer = unit_offer(w, r, &d);
	unit_saw(r, "%s, status %s, IWC=%u", answer,
		 status[1] != BEFORE   ? "beside it too"
		 : status[0] == DATA   ? "written"
		 : status[0] == BEFORE ? "kept"
				       : "of another value",
		 completed(w->unit));
	unit_want(r, "taken, status %s, IWC=%u", x->status ? "written" : "kept", x->interrupt);
	clear_completed(w->unit);
	unit_close(w, r);
}
