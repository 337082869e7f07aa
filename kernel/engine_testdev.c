#include "kernel/dma.h"
#include "kernel/inject.h"
#include "kernel/mmio.h"
#include "kernel/pci.h"
#include "kernel/print.h"

/*
 * QEMU's iommu-testdev (docs/specs/iommu-testdev): writes one pattern to an address, and is done when the
 * read of TRIGGER returns. It then compares what it finds at a physical address with the pattern; we let
 * it look at page 0, because where the write landed is for us to find out.
 */
enum {
	TRIGGER = 0x00,
	IOVA_LO = 0x04,
	IOVA_HI = 0x08,
	LENGTH = 0x0c,
	RESULT = 0x10,
	DOORBELL = 0x14,
	ATTRIBUTES = 0x18,
	GPA_LO = 0x1c,
	GPA_HI = 0x20,
	REGISTERS = 0x24,
};
enum { DMA_FAILED = 0xdead0002, NOT_ARMED = 0xdead0005 };
#define PATTERN 0x1234567812345678ull /* of two 32-bit words */
/* pci-testdev has the same id, and a second BAR. */
enum { VENDOR = 0x1b36, DEVICE = 0x0005, BAR1 = 0x14 };

static bool match(const struct pci_function *fn)
{
	return fn->vendor == VENDOR && fn->device == DEVICE && !pci_read32(fn, BAR1);
}

static u64 word(const struct dma_engine *e, unsigned symbol)
{
	(void)e;
	return symbol == DMA_SYMBOL_DEVICE ? PATTERN : PATTERN + 1 + symbol;
}

static struct dma_result write(struct dma_engine *e, struct iova line, unsigned symbol)
{
	u8 *reg = e->state;
	(void)symbol;
	if (INJECTED(ENGINE))
		return (struct dma_result){ .status = DMA_DONE };
	mmio_write32(reg + IOVA_LO, (u32)line.v);
	mmio_write32(reg + IOVA_HI, (u32)(line.v >> 32));
	mmio_write32(reg + DOORBELL, 1);
	(void)mmio_read32(reg + TRIGGER);
	bool failed = mmio_read32(reg + RESULT) == DMA_FAILED;
	return (struct dma_result){ .status = failed ? DMA_BLOCKED : DMA_DONE };
}

static bool start(struct dma_engine *e)
{
	struct pci_window w;
	if (!pci_map_bar(e->fn, 0, &w))
		return false;
	if (w.size < REGISTERS ||
	    (mmio_read32(w.at + TRIGGER), mmio_read32(w.at + RESULT)) != NOT_ARMED) {
		note("engine=%s does not answer like one", e->name);
		return false;
	}
	mmio_write32(w.at + LENGTH, sizeof(u64));
	mmio_write32(w.at + GPA_LO, 0);
	mmio_write32(w.at + GPA_HI, 0);
	e->state = w.at;
	pci_bus_master(e->fn, true);
	return true;
}

static void stop(struct dma_engine *e) { pci_bus_master(e->fn, false); }

DMA_ENGINE(testdev) = {
	.name = "iommu-testdev",
	.match = match,
	.can = DMA_WRITE | DMA_SYNC | DMA_NO_RINGS | DMA_ANY_ADDRESS | DMA_LEARNS,
	.end = "the read that triggers it returns",
	.start = start,
	.stop = stop,
	.word = word,
	.tail = dma_no_tail,
	.write = write,
};
