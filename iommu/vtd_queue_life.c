#include "iommu/vtd_queue.h"
#include "iommu/vtd_unit.h"
#include "kernel/print.h"
#include "mm/frame.h"

const char *vtd_status_text(enum vtd_status s)
{
	static const char *const text[] = {
		[VTD_OK] = "complete",
		[VTD_REFUSED] = "descriptor refused",
		[VTD_DEVICE_CONFUSED] = "unexpected answer of a device",
		[VTD_DEVICE_SILENT] = "no answer of a device",
		[VTD_STUCK] = "queue stuck",
	};

	return text[s];
}

static void free_frames(struct vtd_queue *q)
{
	frame_put(direct_pa(q->ring));
	frame_put(q->status_pa);
	*q = (struct vtd_queue){ 0 };
}

bool vtd_queue_start(struct vtd_unit *u)
{
	struct vtd_queue *q = &u->queue;
	struct pa ring = frame_alloc(FRAME_IOMMU), status = frame_alloc(FRAME_IOMMU);

	/* IQA.QS = 0: one frame. */
	u32 bytes = u->scalable ? sizeof(struct vtd_desc) : sizeof(struct vtd_desc) / 2;

	*q = (struct vtd_queue){ .alive = true,
				 .ring = direct(ring),
				 .slots = (u32)PAGE_SIZE / bytes,
				 .words = bytes / (u32)sizeof *q->ring,
				 .status = direct(status),
				 .status_pa = status };
	vtd_write64(u, VTD_IQT, 0);
	vtd_write64(u, VTD_IQA,
		    (ring.v & mask(VTD_IQA_IQA)) | put(VTD_IQA_DW, u->scalable) |
			    put(VTD_IQA_QS, 0));
	if (vtd_gcmd(u, VTD_GCMD_QIE, VTD_ON))
		return true;
	free_frames(q);
	return false;
}

bool vtd_queue_stop(struct vtd_unit *u)
{
	if (!u->queue.ring)
		return true;
	vtd_queue_wait(u);
	/* Not with work in it: what the unit may still read or write is kept. */
	if (u->queue.head != u->queue.tail) {
		note("vtd%u queue stays on, with work in it", u->index);
		return false;
	}
	if (!vtd_gcmd(u, VTD_GCMD_QIE, VTD_OFF))
		return false;
	free_frames(&u->queue);
	return true;
}
