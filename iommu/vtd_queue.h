#pragma once
#include "iommu/vtd_inval.h"

/*
 * The invalidation queue of a unit (VT-d 6.5.2). A descriptor is complete when the status word of a
 * wait descriptor behind it arrives, not when the head has moved. One CPU at a time on one unit:
 * the callers serialise. No function hangs: what does not complete within VTD_QUEUE_DEADLINE_MS is
 * a status and a note.
 * A device has more time, a minute and up to half of one more (PCIe 10.3.1), before the unit says ITE. Who waits in a step
 * has not, because others wait for it: it is told VTD_DEVICE_SILENT, the queue lives on, and vtd_queue_settle() waits.
 */
struct vtd_unit;

enum { VTD_QUEUE_DEADLINE_MS = 1000, VTD_ANSWER_DEADLINE_MS = 90000 };

/* The better first. */
enum vtd_status {
	VTD_OK,
	VTD_REFUSED,         /* IQE: a descriptor was refused and skipped; the rest is complete */
	VTD_DEVICE_CONFUSED, /* ICE: a device answered what nobody asked; the rest is complete */
	VTD_DEVICE_SILENT, /* a device did not answer a device-TLB invalidation: ITE, or not yet */
	VTD_STUCK,         /* deadline passed, nothing is known; dead until started again */
};
const char *vtd_status_text(enum vtd_status s);

struct vtd_queue {
	u64 *ring;   /* a frame of slots; NULL: queue off */
	u32 slots;   /* how many */
	u32 words;   /* 64-bit words of a slot: 4, or in legacy mode 2 */
	u32 *status; /* the unit writes here; a frame of its own */
	struct pa status_pa;
	u32 tail;             /* next slot to fill */
	u32 head;             /* the unit is at least here: behind the last complete wait */
	u32 serial;           /* status value of the last wait: no two share one */
	u32 planted;          /* 1 + the slot of what the unit is meant to refuse; 0: none */
	enum vtd_status owed; /* of what was put, to be told by the next wait */
	bool unanswered;      /* a device was asked, and the deadline passed */
	bool alive;           /* false once it timed out: every later call fails at once */
};

/* Into the next slot; there is one. The unit does not know yet. Word by word: compilers copy the whole by way of the stack. */
static inline void vtd_queue_fill(struct vtd_queue *q, const struct vtd_desc *d)
{
	u64 *slot = q->ring + q->tail * q->words;

	slot[0] = d->w[0];
	slot[1] = d->w[1];
	if (q->words == ARRAY_SIZE(d->w)) {
		slot[2] = d->w[2];
		slot[3] = d->w[3];
	}
	q->tail = q->tail + 1 == q->slots ? 0 : q->tail + 1;
}
/*
 * The wait behind everything. By itself one speaks only for what is behind the wait before it (VT-d 6.5.2.12), so each is a fence too:
 * not every wait is awaited to its end, and in the place of what was refused is one.
 */
static inline struct vtd_desc vtd_queue_status(const struct vtd_queue *q)
{
	return vtd_wait(q->status_pa, q->serial, VTD_WAIT_FENCE);
}
/* What IQT says of it. */
static inline u64 vtd_queue_tail(const struct vtd_queue *q)
{
	return q->tail * q->words * sizeof *q->ring;
}

/* Empty queue, QIE on. False, with a note, if the unit does not follow. */
bool vtd_queue_start(struct vtd_unit *u);
/* Wait descriptor last, QIE off, frames free. False, with a note, if the unit does not follow. */
bool vtd_queue_stop(struct vtd_unit *u);

/* Hand a descriptor to the unit. Waits only when the ring is full. Its error is told by the next wait. VTD_OK or VTD_STUCK. */
enum vtd_status vtd_queue_put(struct vtd_unit *u, const struct vtd_desc *desc);

/* Everything put before is complete, or why not. */
enum vtd_status vtd_queue_wait(struct vtd_unit *u);

/* If a device has not answered: until it has, or the unit gave it up, or for good. Boot CPU, nobody in a step. */
enum vtd_status vtd_queue_settle(struct vtd_unit *u);

/*
 * For tests of the error handling. One that the unit is meant to refuse: a wait that takes it out says nothing of it, and VTD_OK. A wait
 * that gives up soon, and looks at no error: true if the status arrived. All that the unit has not fetched, from what it refused on, is
 * taken out: who waits for it now learns nothing.
 */
enum vtd_status vtd_queue_put_refused(struct vtd_unit *u, const struct vtd_desc *desc);
bool vtd_queue_wait_briefly(struct vtd_unit *u);
void vtd_queue_discard(struct vtd_unit *u);

/* Both, of n descriptors with one write of the tail. */
enum vtd_status vtd_queue_submit(struct vtd_unit *u, const struct vtd_desc *desc, unsigned n);
