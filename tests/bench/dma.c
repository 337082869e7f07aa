/* One DMA of each engine against the bare registers: the same accesses in the same order, the same wait. */
#include "kernel/dma.h"
#include "kernel/mmio.h"
#include "kernel/print.h"
#include "kernel/string.h"
#include "kernel/time.h"
#include "kernel/xhci.h"
#include "mm/frame.h"
#include "mm/kmap.h"
#include "mm/place.h"
#include "tests/bench/measure.h"
#include "tests/machine.h"
#include "tests/scenario.h"
#include "tests/words.h"

/* Where devices reach the line that is read and written; it stays mapped. */
enum { LINE = 0x500e3000 };

static bool reads(void *arg, u64 times)
{
	struct dma_engine *e = arg;
	bool ok = true;

	while (times--)
		ok &= e->ops->read(e, (struct iova){ LINE }).status == DMA_DONE;
	return ok;
}

static bool writes(void *arg, u64 times)
{
	struct dma_engine *e = arg;
	bool ok = true;

	while (times--)
		ok &= e->ops->write(e, (struct iova){ LINE }, X).status == DMA_DONE;
	return ok;
}

/* An event ring at `ring`, empty. */
static void xhci_aim(struct xhci *x, u64 ring, u32 trbs)
{
	x->memory->erst = (struct xhci_erst_entry){ .base = ring, .trbs = trbs };
	mmio_write64_lo_hi(x->runtime + XHCI_ERSTBA, xhci_iova(x, erst));
	mmio_write64_lo_hi(x->runtime + XHCI_ERDP, ring | mask(ERDP_EHB));
}

static void xhci_go(struct xhci *x, u64 at)
{
	mmio_write64_lo_hi(x->operational + XHCI_CRCR, at | mask(CRCR_RCS));
	mmio_write32(x->operational + XHCI_USBCMD, (u32)mask(USBCMD_RS));
	mmio_write32(x->doorbell, 0);
}

static bool xhci_bare_halt(struct xhci *x)
{
	mmio_write32(x->operational + XHCI_USBCMD, 0);
	return spin_until(get(mmio_read32(x->operational + XHCI_USBSTS), USBSTS_HCH));
}

static bool xhci_reads(void *arg, u64 times)
{
	struct xhci *x = ((struct dma_engine *)arg)->state;
	struct xhci_trb *events = x->memory->events;
	unsigned seen = XHCI_EVENTS;
	bool ok = true;

	while (times-- && ok) {
		if (seen + XHCI_EVENTS_MIN >= XHCI_EVENTS) {
			memset(events, 0, sizeof x->memory->events);
			xhci_aim(x, xhci_iova(x, events), XHCI_EVENTS);
			seen = 0;
		}
		xhci_go(x, LINE);
		ok = spin_until(mmio_read64(&events[seen].control) != 0) && xhci_bare_halt(x);
		seen++;
	}
	x->listening = false;
	return ok;
}

static bool xhci_writes(void *arg, u64 times)
{
	struct dma_engine *e = arg;
	struct xhci *x = e->state;
	u64 word = e->ops->word(e, X);
	bool ok = true;

	while (times-- && ok) {
		xhci_aim(x, LINE, XHCI_EVENTS_MIN);
		mmio_write32(x->runtime + XHCI_IMAN, (u32)(mask(IMAN_IP) | mask(IMAN_IE)));
		xhci_go(x, word);
		ok = spin_until(get(mmio_read32(x->runtime + XHCI_IMAN), IMAN_IP)) &&
		     xhci_bare_halt(x);
	}
	x->listening = false;
	return ok;
}

/* Registers of kernel/engine_testdev.c. */
static bool testdev_writes(void *arg, u64 times)
{
	u8 *reg = ((struct dma_engine *)arg)->state;
	u32 result = 0;

	while (times--) {
		mmio_write32(reg + 0x04, LINE);
		mmio_write32(reg + 0x08, 0);
		mmio_write32(reg + 0x14, 1);
		(void)mmio_read32(reg);
		result = mmio_read32(reg + 0x10);
	}
	return result != 0xdead0002;
}

static const struct {
	const char *engine;
	bench_fn *read, *write;
} bare[] = {
	{ "xhci", xhci_reads, xhci_writes },
	{ "iommu-testdev", NULL, testdev_writes },
};

/* How long a DMA was under way when the CPU had looked for its end, and not found it: where another step can come between. */
static void bench_window(struct dma_engine *e)
{
	enum { DMAS = 101, DMAS_MIN = 5, LONG_MS = 1000 };
	u64 window[DMAS], begin = now();
	bool ok = true;
	unsigned n = 0;

	for (; n < DMAS && ok && (n < DMAS_MIN || now() - begin < LONG_MS * tsc_per_ms); n++) {
		e->window_ticks = 0;
		ok = e->can & DMA_READ ? reads(e, 1) : writes(e, 1);
		window[n] = e->window_ticks;
	}
	if (ok)
		note("bench name=dma_window/%s ns=%lu", e->name,
		     median(window, n) * 1000000 / tsc_per_ms);
	else
		note("bench name=dma_window/%s did not work", e->name);
}

static void bench_engine(struct dma_engine *e, u8 *line)
{
	struct measure read = { "dma_read", e->name, reads, NULL, "registers", 130, e };
	struct measure write = { "dma_write", e->name, writes, NULL, "registers", 130, e };

	struct words words;

	for (unsigned i = 0; i < ARRAY_SIZE(bare); i++)
		if (!strcmp(bare[i].engine, e->ops->name)) {
			read.bare = bare[i].read;
			write.bare = bare[i].write;
		}
	words_learn(&words, e, NULL);
	words_line(&words, line, N);
	dma_prepare(e, (struct iova){ LINE }, DMA_TO_WRITE);
	bench_window(e);
	if (e->can & DMA_READ)
		measure(&read);
	if (e->can & DMA_WRITE)
		measure(&write);
}

void bench_dma(void)
{
	struct pa frame = frame_alloc(FRAME_TEST);

	place_map((struct va){ LINE }, frame, PAGE_WRITE | PAGE_ACCESSED | PAGE_DIRTY);
	for (unsigned i = 0; i < machine.engines; i++)
		bench_engine(machine.engine[i], direct(frame));
}
