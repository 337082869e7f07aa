#include "kernel/ats_device.h"
#include "kernel/dma.h"
#include "kernel/inject.h"
#include "kernel/pci_ats.h"
#include "kernel/pci_regs.h"
#include "kernel/print.h"
#include "kernel/string.h"
#include "kernel/time.h"
#include "kernel/virtio.h"
#include "kernel/virtio_regs.h"

/*
 * DMA by a device of our own making that keeps translations, tools/ats/: to PCI a virtio entropy source with ATS. It asks the
 * IOMMU only when it is told to, drops what it keeps only when that is invalidated, and reads and writes with nothing else.
 *
 * Rings, requests and results are DMA too. Their translations it keeps apart, and they never change.
 */
enum { DEADLINE_MS = 1000 };
#define WANTED_FEATURES(F) F(OURS, ATS_FEATURE, ATS_FEATURE)
enum { WANTED_FEATURES(AS_ENUM) };

struct memory {
	struct virtio_ring_memory ring;
	struct ats_request request __attribute__((aligned(64)));
	struct ats_result result __attribute__((aligned(64)));
};
_Static_assert(sizeof(struct memory) <= 4096, "no part crosses a page");

static struct {
	struct virtio virtio;
	struct pci_ats ats;
	struct memory *memory;
	u64 iova; /* of memory */
	u64 tag;
	bool asked; /* and not answered yet */
	bool broken;
} device;
static const struct dma_engine *owner;

static bool match(const struct pci_function *fn)
{
	return fn->vendor == VIRTIO_VENDOR && fn->device == VIRTIO_DEVICE_MODERN + VIRTIO_ENTROPY &&
	       pci_extended_capability(fn, PCI_EXT_CAP_ATS);
}

static u64 word(const struct dma_engine *e, unsigned symbol)
{
	(void)e;
	return 0xa750000000000100 + symbol;
}

static bool answered(const char *what)
{
	enum virtio_answer a = VIRTIO_NOT_YET;

	if (!until(DEADLINE_MS, (a = virtio_look(&device.virtio)) != VIRTIO_NOT_YET, "%s", what))
		return false;
	device.asked = false;
	return a == VIRTIO_RETURNED;
}

/* One request to its end, answered as asked; or status 0, and the device gets no other. */
static struct ats_result ask(struct dma_engine *e, u32 command, u32 flags, u64 iova, u64 value)
{
	struct memory *m = device.memory;
	struct ats_result r = { 0 };

	if (device.broken || device.asked)
		return r;
	m->request = (struct ats_request){ command, flags, iova, value, ++device.tag };
	m->result = r;
	device.asked = true;
	virtio_offer(&device.virtio,
		     (struct virtio_buffer){ device.iova + offsetof(struct memory, request),
					     sizeof m->request },
		     (struct virtio_buffer){ device.iova + offsetof(struct memory, result),
					     sizeof m->result });
	u64 since = now();
	device.broken = !answered("the device with a device TLB to answer");
	r = m->result;
	if (!device.broken && r.tag == device.tag) {
		dma_window(e, since);
		return r;
	}
	note("engine=%s command=%u iova=%#lx not answered, tag=%lu instead of %lu", e->name,
	     command, iova, r.tag, device.tag);
	virtio_note_failure(&device.virtio);
	device.broken = true;
	return (struct ats_result){ 0 };
}

static struct dma_result told(const struct dma_engine *e, const struct ats_result *r, u64 word_)
{
	enum dma_status s = r->status == ATS_DONE      ? DMA_DONE
			    : r->status == ATS_BLOCKED ? DMA_BLOCKED
						       : DMA_TIMEOUT;

	if (r->status > ATS_BLOCKED)
		note("engine=%s answers status=%u address=%#lx", e->name, r->status, r->address);
	return (struct dma_result){ s, word_ };
}

static struct dma_result read(struct dma_engine *e, struct iova line)
{
	if (INJECTED(ENGINE))
		return (struct dma_result){ .status = DMA_DONE };
	const struct ats_result r = ask(e, ATS_READ_KEPT, 0, line.v, 0);
	return told(e, &r, r.value);
}

static struct dma_result write_kept(struct dma_engine *e, struct iova line, unsigned symbol,
				    u32 flags)
{
	if (INJECTED(ENGINE))
		return (struct dma_result){ .status = DMA_DONE };
	const struct ats_result r = ask(e, ATS_WRITE_KEPT, flags, line.v, word(e, symbol));
	return told(e, &r, 0);
}

static struct dma_result write(struct dma_engine *e, struct iova line, unsigned symbol)
{
	return write_kept(e, line, symbol, 0);
}

static struct dma_result post(struct dma_engine *e, struct iova line, unsigned symbol)
{
	return write_kept(e, line, symbol, ATS_POSTED);
}

static struct dma_result request(struct dma_engine *e, struct iova page, enum dma_for what,
				 u32 flags)
{
	if (INJECTED(ENGINE))
		return (struct dma_result){ .status = DMA_DONE };
	if (INJECTED_ONCE(DTLB))
		ask(e, ATS_SET, 0, ATS_CONFIRM, ATS_EARLY);
	const struct ats_result r = ask(
		e, ATS_TRANSLATE, flags | (what == DMA_TO_WRITE ? ATS_FOR_WRITING : 0), page.v, 0);
	return told(e, &r, r.address);
}

static struct dma_result translate(struct dma_engine *e, struct iova page, enum dma_for what)
{
	return request(e, page, what, 0);
}

static struct dma_result ask_ahead(struct dma_engine *e, struct iova page, enum dma_for what)
{
	return request(e, page, what, ATS_POSTED);
}

static bool land(struct dma_engine *e) { return ask(e, ATS_LAND, 0, 0, 0).status == ATS_DONE; }

static bool set(struct dma_engine *e, enum ats_setting what, u64 value)
{
	return ask(e, ATS_SET, 0, what, value).status == ATS_DONE;
}

static bool quiet(struct dma_engine *e, enum dma_flaw flaw)
{
	return ask(e, ATS_FORGET, 0, ATS_ALL, 0).status == ATS_DONE &&
	       set(e, ATS_LATE_ANSWERS, flaw == DMA_KEEPS_LATE_ANSWERS) &&
	       set(e, ATS_CONFIRM,
		   INJECTED(DTLB)               ? ATS_EARLY
		   : flaw == DMA_CONFIRMS_EARLY ? ATS_UNDRAINED
						: ATS_PROPER);
}

static void stop(struct dma_engine *e)
{
	if (owner == e) {
		/* Who asked may have been ended, and QEMU does not survive a reset in the middle. */
		if (device.asked)
			answered("the device with a device TLB to come to an end");
		/* It drops what it keeps. */
		if (device.virtio.common)
			virtio_reset(&device.virtio);
		if (device.ats.at)
			pci_ats_disable(e->fn, &device.ats);
		owner = NULL;
	}
	pci_bus_master(e->fn, false);
}

/* Reset, ours, and willing. */
static bool agree(struct dma_engine *e)
{
	const u64 wanted = mask(OURS) | mask(VIRTIO_F_VERSION_1) | mask(VIRTIO_F_ACCESS_PLATFORM);

	if (!virtio_map(&device.virtio, e->fn) || !virtio_reset(&device.virtio))
		return false;
	u64 offers = virtio_offers(&device.virtio);
	if (!get(offers, OURS)) {
		e->foreign = true;
		note("engine=%s features=%#lx: a virtio device of somebody else's, left alone",
		     e->name, offers);
		return false;
	}
	if ((offers & wanted) == wanted)
		return virtio_agree(&device.virtio, wanted);
	/* Without ACCESS_PLATFORM it would take our addresses for physical ones. */
	note("engine=%s features=%#lx, needed %#lx", e->name, offers, wanted);
	return false;
}

static bool refused(const struct dma_engine *e) { return e->faulted && e->faulted(e); }

/* QEMU translates the used ring when the device starts; where it cannot, there will be no answer and nobody to wait for. */
static bool begin_ring(struct dma_engine *e)
{
	bool before = refused(e);

	if (!virtio_begin(&device.virtio, &device.memory->ring,
			  device.iova + offsetof(struct memory, ring)))
		return false;
	if (before || !refused(e))
		return true;
	note("engine=%s the IOMMU refuses its rings", e->name);
	return false;
}

static bool begin(struct dma_engine *e)
{
	device.memory = (struct memory *)(void *)e->arena.cpu;
	device.iova = e->arena.iova.v;
	device.broken = device.asked = false;
	device.ats.at = 0;
	memset(device.memory, 0, sizeof *device.memory);
	if (!agree(e))
		return false;
	/* Before it may do any DMA: QEMU looks at it then. */
	if (!pci_ats_find(e->fn, &device.ats) || !pci_ats_enable(e->fn, &device.ats) ||
	    !begin_ring(e))
		return false;
	e->dtlb_depth = device.ats.depth;
	return ask(e, ATS_COUNT, 0, ATS_KEPT, 0).status == ATS_DONE;
}

static bool start(struct dma_engine *e)
{
	if (owner && owner != e) {
		note("engine=%s %s is in use", e->name, owner->name);
		return false;
	}
	owner = e;
	if (begin(e))
		return true;
	if (!e->foreign)
		note("engine=%s does not start", e->name);
	stop(e);
	return false;
}

DMA_ENGINE(ats) = {
	.name = "ats",
	.match = match,
	.can = DMA_READ | DMA_WRITE | DMA_ANY_WORD | DMA_ATS,
	.end = "the used ring's index",
	.start = start,
	.stop = stop,
	.word = word,
	.tail = dma_no_tail,
	.read = read,
	.write = write,
	.translate = translate,
	.post = post,
	.ask = ask_ahead,
	.land = land,
	.quiet = quiet,
};
