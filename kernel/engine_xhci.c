#include "kernel/inject.h"
#include "kernel/mmio.h"
#include "kernel/print.h"
#include "kernel/time.h"
#include "kernel/xhci.h"

/*
 * DMA by the command ring of an xHC, which every PC has. The xHC is halted between two DMAs, so nothing
 * else of it is on the bus.
 *
 * Read: a line is made a Link TRB (word: a pad's address, tail: type and cycle), and the command ring
 * starts at the line. The xHC reads it, follows it, executes the pad's No Op and posts an event that
 * names the pad: the word that was read.
 *
 * Write: the event ring starts at the line, the command ring at the pad of the symbol. The event's first
 * word is the pad's address, its second has the completion code and type: the line's first 16 bytes.
 */

enum { DEADLINE_MS = 10, PORT_EVENTS_MAX = 16 };

static struct xhci each[DMA_ENGINES_MAX];

static bool match(const struct pci_function *fn) { return fn->class == XHCI_CLASS; }

static u64 word(const struct dma_engine *e, unsigned symbol)
{
	return e->arena.iova.v + offsetof(struct xhci_memory, pad) + (u64)symbol * DMA_LINE;
}

static u64 tail(const struct dma_engine *e)
{
	(void)e;
	return xhci_trb_control(TRB_LINK);
}

/*
 * Let the event ring be at `ring` and empty. Writing the table's base makes the xHC read the table anew
 * (4.9.4); software may while the primary interrupter's controller is halted.
 */
static void aim(struct xhci *x, u64 ring, u32 trbs)
{
	x->memory->erst = (struct xhci_erst_entry){ .base = ring, .trbs = trbs };
	mmio_write64_lo_hi(x->runtime + XHCI_ERSTBA, xhci_iova(x, erst));
	mmio_write64_lo_hi(x->runtime + XHCI_ERDP, ring | mask(ERDP_EHB));
}

static u64 control_of(const struct xhci_trb *trb)
{
	return __atomic_load_n(&trb->control, __ATOMIC_ACQUIRE);
}

/* Our own ring starts anew long before it would wrap, so that cycle state 1 always means new. */
static void listen(struct xhci *x)
{
	struct xhci_trb *event = x->memory->events;
	if (x->listening && x->seen + PORT_EVENTS_MAX < XHCI_EVENTS)
		return;
	for (; event < x->memory->events + XHCI_EVENTS && control_of(event); event++)
		*event = (struct xhci_trb){ 0 };
	aim(x, xhci_iova(x, events), XHCI_EVENTS);
	x->listening = true;
	x->seen = 0;
}

/* Arrivals: of the completion in our ring, behind what ports may have to say; or of any event anywhere. */
static bool completed(struct xhci *x)
{
	for (; x->seen < XHCI_EVENTS; x->seen++) {
		u64 control = control_of(&x->memory->events[x->seen]);
		if (!get(control, TRB_CYCLE))
			return false;
		if (get(control, TRB_TYPE) == TRB_COMMAND_COMPLETION)
			return true;
	}
	return false;
}

static bool posted(struct xhci *x) { return get(mmio_read32(x->runtime + XHCI_IMAN), IMAN_IP); }

static bool refused(const struct dma_engine *e, const struct xhci *x)
{
	u32 status = mmio_read32(x->operational + XHCI_USBSTS);
	return get(status, USBSTS_HSE) || get(status, USBSTS_HCE) || (e->faulted && e->faulted(e));
}

/* Execute the command ring from `at` until `arrived`; status is USBSTS at the end. */
static enum dma_status execute(struct dma_engine *e, u64 at, bool (*arrived)(struct xhci *),
			       u32 *status)
{
	struct xhci *x = e->state;
	bool blocked = false;
	mmio_write64_lo_hi(x->operational + XHCI_CRCR, at | mask(CRCR_RCS));
	if (xhci_run(x, 0))
		mmio_write32(x->doorbell, 0);
	bool over = arrived(x);
	if (!over) {
		u64 since = now();

		over = until(DEADLINE_MS, arrived(x) || (blocked = refused(e, x)),
			     "a DMA of %s at %#lx", e->name, at);
		if (over && !blocked)
			dma_window(e, since);
	}

	*status = xhci_halt(x);
	bool error = get(*status, USBSTS_HSE) || get(*status, USBSTS_HCE);
	bool quiet = over && !error && get(*status, USBSTS_HCH);
	bool done = quiet && !blocked;
	/* One that halted without an error can be started anew; after a late access its event may still come. */
	if (!quiet && xhci_reset(x))
		xhci_set_up(x);
	if (!done)
		x->listening = false;
	return done ? DMA_DONE : blocked || error ? DMA_BLOCKED : DMA_TIMEOUT;
}

static struct dma_result read(struct dma_engine *e, struct iova line)
{
	struct xhci *x = e->state;
	struct dma_result r = { .status = DMA_TIMEOUT };
	u32 status;
	if (INJECTED(ENGINE))
		return (struct dma_result){ .status = DMA_DONE };
	if (x->broken)
		return r;
	listen(x);
	r.status = execute(e, line.v, completed, &status);
	if (r.status == DMA_DONE)
		r.word = x->memory->events[x->seen++].parameter;
	return r;
}

/*
 * The CPU cannot look for the event, which goes where the IOMMU sends it, so the interrupter's pending bit
 * tells; interrupts themselves are off in USBCMD and at the PCI function. A root hub port that changed
 * may have posted its event first: then the DMA is done again.
 */
static struct dma_result write(struct dma_engine *e, struct iova line, unsigned symbol)
{
	struct xhci *x = e->state;
	struct dma_result r = { .status = DMA_TIMEOUT };
	if (INJECTED(ENGINE))
		return (struct dma_result){ .status = DMA_DONE };
	for (unsigned again = 0; again < PORT_EVENTS_MAX && !x->broken; again++) {
		u32 status;
		x->listening = false;
		aim(x, line.v, XHCI_EVENTS_MIN);
		mmio_write32(x->runtime + XHCI_IMAN, (u32)(mask(IMAN_IP) | mask(IMAN_IE)));
		r.status = execute(e, word(e, symbol), posted, &status);
		if (r.status != DMA_DONE || !get(status, USBSTS_PCD))
			break;
		mmio_write32(x->operational + XHCI_USBSTS, (u32)mask(USBSTS_PCD));
	}
	return r;
}

static void stop(struct dma_engine *e)
{
	if (e->state) {
		xhci_halt(e->state);
		xhci_reset(e->state);
		e->state = NULL;
	}
	pci_bus_master(e->fn, false);
}

/* A command, and from now on an event each time that its frame counter wraps. */
static void leave(struct dma_engine *e)
{
	struct xhci *x = e->state;

	listen(x);
	mmio_write64_lo_hi(x->operational + XHCI_CRCR, word(e, 0) | mask(CRCR_RCS));
	if (xhci_run(x, mask(USBCMD_EWE)))
		mmio_write32(x->doorbell, 0);
}

static bool start(struct dma_engine *e)
{
	struct xhci *x = &each[e->index];
	u32 status;

	e->state = NULL;
	*x = (struct xhci){ 0 };
	if (!xhci_map(x, e->fn))
		return false;
	if (!xhci_halt_first(x) || !xhci_reset(x) || !xhci_lay_out(x, &e->arena))
		return false;
	xhci_set_up(x);
	e->state = x;
	pci_bus_master(e->fn, true);
	listen(x);
	enum dma_status first = execute(e, word(e, 0), completed, &status);
	if (first == DMA_DONE) {
		x->seen++;
		return true;
	}
	note("engine=%s first command in its own memory %s, USBSTS=%#x", e->name,
	     first == DMA_BLOCKED ? "refused" : "not executed", status);
	stop(e);
	return false;
}

DMA_ENGINE(xhci) = {
	.name = "xhci",
	.match = match,
	.carries = xhci_has_devices,
	.can = DMA_READ | DMA_WRITE | DMA_SYNC | DMA_ANY_WORD | DMA_ANY_ADDRESS | DMA_LEARNS,
	.end = "a completion event, or the pending interrupt",
	.start = start,
	.stop = stop,
	.leave = leave,
	.word = word,
	.tail = tail,
	.read = read,
	.write = write,
};
