#include "iommu/vtd_queue.h"
#include "iommu/vtd_listing.h"
#include "iommu/vtd_unit.h"
#include "kernel/inject.h"
#include "kernel/print.h"
#include "kernel/time.h"
#include "kernel/watchdog.h"

/* In the status frame, a cache line each: where waits report, and where skipped slots do. */
enum { STATUS = 0, SKIPPED = 64 / sizeof(u32) };

enum { SPINS = 1000 };

static enum vtd_status worse(enum vtd_status a, enum vtd_status b) { return a > b ? a : b; }

/* Slots to fill: tail must not catch up with head, because equal means empty. */
static unsigned room(const struct vtd_queue *q) { return (q->head - q->tail - 1) & (q->slots - 1); }

static bool is_page_selective(const struct vtd_desc *d)
{
	enum vtd_listing_id id = vtd_desc_listing(d);

	return (id == VTD_PIOTLB_LISTING && get(d->w[0], VTD_PIOTLB_G) == 3) ||
	       (id == VTD_IOTLB_LISTING && get(d->w[0], VTD_IOTLB_G) == 3);
}

/*
 * The unit reads descriptors, by snooping, as soon as it sees the tail: x86 makes the stores before
 * an uncached store visible first, and mmio_write64 is a barrier to the compiler.
 */
static void ring_tail(const struct vtd_unit *u)
{
	vtd_write64(u, VTD_IQT, vtd_queue_tail(&u->queue));
}

static inline void fill(struct vtd_unit *u, const struct vtd_desc *d)
{
	struct vtd_queue *q = &u->queue;

	if (INJECTED(TAIL) && is_page_selective(d)) {
		const u32 before = q->tail;

		q->tail = (before + 1) & (q->slots - 1);
		ring_tail(u);
		q->tail = before;
	}
	if (!INJECTED(QUEUE) || !is_page_selective(d))
		vtd_queue_fill(q, d);
}

static bool arrived(const struct vtd_queue *q)
{
	return mmio_read32(&q->status[STATUS]) == q->serial;
}

/* What was meant to be refused is behind us too, whether or not it was. */
static inline bool caught_up(struct vtd_queue *q)
{
	if (!arrived(q))
		return false;
	q->head = q->tail;
	q->planted = 0;
	return true;
}

static u32 errors(const struct vtd_unit *u)
{
	return vtd_read32(u, VTD_FSTS) &
	       (u32)(mask(VTD_FSTS_IQE) | mask(VTD_FSTS_ITE) | mask(VTD_FSTS_ICE));
}

/* What is in a slot. */
static struct vtd_desc read_slot(const struct vtd_queue *q, u32 slot)
{
	struct vtd_desc d = { { 0 } };

	for (u32 i = 0; i < q->words; i++)
		d.w[i] = q->ring[slot * q->words + i];
	return d;
}

static SELDOM void describe_error(const struct vtd_unit *u, u32 fsts, u32 slot)
{
	const struct vtd_desc at = read_slot(&u->queue, slot);
	enum vtd_listing_id id = vtd_desc_listing(&at);
	u64 iqercd = vtd_read64(u, VTD_IQERCD);
	char buf[VTD_TEXT_MAX];

	note("vtd%u queue error FSTS=%s", u->index,
	     vtd_describe(buf, sizeof buf, VTD_FSTS_LISTING, &(u64){ fsts }));
	if (iqercd)
		note("vtd%u IQERCD=%s", u->index,
		     vtd_describe(buf, sizeof buf, VTD_IQERCD_LISTING, &iqercd));
	note("vtd%u slot=%u %s=%s", u->index, slot, vtd_listing[id].name,
	     vtd_describe(buf, sizeof buf, id, at.w));
}

static u32 stopped_at(const struct vtd_unit *u)
{
	const struct vtd_queue *q = &u->queue;

	return (u32)(vtd_read64(u, VTD_IQH) / (q->words * sizeof *q->ring)) % q->slots;
}

/* The unit stopped in front of a slot, and will read it again: from there on nothing, so many times. */
static void take_out(struct vtd_unit *u, u32 slot, u32 count)
{
	struct vtd_queue *q = &u->queue;
	struct pa skipped = { q->status_pa.v + SKIPPED * sizeof(u32) };
	const struct vtd_desc nothing = vtd_wait(skipped, 0, VTD_WAIT_FENCE);
	u32 tail = q->tail;

	q->planted = 0;
	q->tail = slot;
	while (count--)
		vtd_queue_fill(q, &nothing);
	q->tail = tail;
	vtd_write32(u, VTD_FSTS, (u32)mask(VTD_FSTS_IQE));
	/* By the manual it goes on now; QEMU does with the next write of the tail. */
	ring_tail(u);
}

/* VT-d 6.5.2, queued invalidation errors: say it, take the cause away, let the unit go on. */
static enum vtd_status recover(struct vtd_unit *u, u32 fsts)
{
	struct vtd_queue *q = &u->queue;
	u32 slot = stopped_at(u);
	bool meant = get(fsts, VTD_FSTS_IQE) && q->planted == slot + 1;

	if (!meant)
		describe_error(u, fsts, slot);
	if (get(fsts, VTD_FSTS_IQE)) {
		take_out(u, slot, 1);
		return meant ? VTD_OK : VTD_REFUSED;
	}
	if (get(fsts, VTD_FSTS_ITE)) {
		/* Waits that were fetched already are void: what is to come needs a new one. */
		vtd_write32(u, VTD_FSTS, (u32)mask(VTD_FSTS_ITE));
		q->head = slot;
		/* What was fetched before it may be another device's to answer. */
		q->unanswered = true;
		const struct vtd_desc again = vtd_queue_status(q);
		fill(u, &again);
		ring_tail(u);
		return VTD_DEVICE_SILENT;
	}
	vtd_write32(u, VTD_FSTS, (u32)mask(VTD_FSTS_ICE));
	return VTD_DEVICE_CONFUSED;
}

/* Nothing is known. */
static enum vtd_status give_up(struct vtd_unit *u)
{
	u->queue.alive = false;
	vtd_report(u);
	return VTD_STUCK;
}

/* Is a device to answer any of what is not known to be complete? Then there is room for more, or else the queue is stuck. */
static SELDOM bool asks_a_device(const struct vtd_queue *q)
{
	bool asks = q->unanswered;

	for (u32 slot = q->head; slot != q->tail; slot = (slot + 1) & (q->slots - 1)) {
		const struct vtd_desc d = read_slot(q, slot);
		u64 type = get(d.w[0], VTD_DESC_TYPE);

		asks |= type == VTD_TYPE_DEVTLB || type == VTD_TYPE_PDEVTLB;
	}
	return asks && room(q) >= 2;
}

/* Not there at once: now with a clock, and with an eye on errors. */
static SELDOM enum vtd_status finish_slowly(struct vtd_unit *u)
{
	struct vtd_queue *q = &u->queue;
	enum vtd_status s = VTD_OK;

	for (unsigned rounds = 0; rounds < q->slots; rounds++) {
		u32 fsts = 0;

		if (!until(VTD_QUEUE_DEADLINE_MS, arrived(q) || (fsts = errors(u)) != 0,
			   "the invalidations before wait %u, vtd%u", q->serial, u->index)) {
			if (!asks_a_device(q))
				break;
			q->unanswered = true;
			return VTD_DEVICE_SILENT;
		}
		if (caught_up(q)) {
			q->unanswered = false;
			return s;
		}
		s = worse(s, recover(u, fsts));
	}
	return give_up(u);
}

SELDOM enum vtd_status vtd_queue_settle(struct vtd_unit *u)
{
	struct vtd_queue *q = &u->queue;
	enum vtd_status s = VTD_OK;

	for (unsigned n = 0; n < q->slots && q->alive && q->unanswered; n++) {
		q->unanswered = false;
		note("vtd%u waits for a device to answer an invalidation: it may take %u s",
		     u->index, VTD_ANSWER_DEADLINE_MS / 1000);
		/* That the boot CPU waits here is no reason to end the run. */
		bool over = until(VTD_ANSWER_DEADLINE_MS,
				  arrived(q) || errors(u) || (watchdog_again(), false),
				  "the answer of a device, or ITE, vtd%u", u->index);
		s = worse(s, over ? finish_slowly(u) : give_up(u));
	}
	return s;
}

/*
 * A wait behind what is there (it always has a slot), and its status word. This and what calls it
 * is in one piece, because its cost is measured.
 */
static inline bool finish_soon(struct vtd_unit *u)
{
	struct vtd_queue *q = &u->queue;

	q->serial += !INJECTED(STATUS);
	const struct vtd_desc wait = vtd_queue_status(q);

	fill(u, &wait);
	ring_tail(u);
	for (unsigned spins = 0; spins < SPINS; spins++) {
		if (caught_up(q))
			return true;
		pause();
	}
	return false;
}

static inline enum vtd_status finish(struct vtd_unit *u)
{
	return finish_soon(u) ? VTD_OK : finish_slowly(u);
}

static SELDOM void empty(struct vtd_unit *u) { u->queue.owed = worse(u->queue.owed, finish(u)); }

static inline void fill_next(struct vtd_unit *u, const struct vtd_desc *desc)
{
	if (room(&u->queue) < 2)
		empty(u);
	fill(u, desc);
}

__attribute__((noinline)) enum vtd_status vtd_queue_put(struct vtd_unit *u,
							const struct vtd_desc *desc)
{
	if (u->queue.alive)
		fill_next(u, desc);
	if (!u->queue.alive)
		return VTD_STUCK;
	ring_tail(u);
	return VTD_OK;
}

static inline enum vtd_status submit(struct vtd_unit *u, const struct vtd_desc *desc, unsigned n)
{
	struct vtd_queue *q = &u->queue;
	enum vtd_status s;

	for (unsigned i = 0; i < n && q->alive; i++)
		fill_next(u, &desc[i]);
	if (!q->alive)
		return VTD_STUCK;
	s = worse(finish(u), q->owed);
	q->owed = VTD_OK;
	return s;
}

enum vtd_status vtd_queue_submit(struct vtd_unit *u, const struct vtd_desc *desc, unsigned n)
{
	return submit(u, desc, n);
}

/* Injected: QEMU works the queue off while the tail is written, so that only the queue's own count tells. */
enum vtd_status vtd_queue_wait(struct vtd_unit *u)
{
	return INJECTED(WAIT) ? VTD_OK : vtd_queue_submit(u, NULL, 0);
}

SELDOM enum vtd_status vtd_queue_put_refused(struct vtd_unit *u, const struct vtd_desc *desc)
{
	if (room(&u->queue) < 2)
		empty(u);
	u->queue.planted = u->queue.tail + 1;
	return vtd_queue_put(u, desc);
}

SELDOM bool vtd_queue_wait_briefly(struct vtd_unit *u) { return u->queue.alive && finish_soon(u); }

SELDOM void vtd_queue_discard(struct vtd_unit *u)
{
	struct vtd_queue *q = &u->queue;
	u32 slot = stopped_at(u);

	if (!get(vtd_read32(u, VTD_FSTS), VTD_FSTS_IQE))
		return;
	take_out(u, slot, (q->tail - slot) & (q->slots - 1));
}

enum vtd_status vtd_iotlb_page(struct vtd_unit *u, const struct vtd_space *s, u32 pasid,
			       struct iova page, enum vtd_hint hint)
{
	const struct vtd_desc d = vtd_page_of(u, s, pasid, page.v, hint);

	return submit(u, &d, 1);
}
