#include "kernel/dma.h"
#include "kernel/inject.h"
#include "kernel/mmio.h"
#include "kernel/pci.h"
#include "kernel/print.h"
#include "kernel/time.h"

/*
 * QEMU's edu (docs/specs/edu): copies up to 4 KiB between memory and a buffer of its own, 100 ms after it was
 * told to. The buffer cannot be seen by the CPU, so what a read brought is copied on to the arena. The words of all
 * symbols are kept in it, so that a write is one copy. A refused read leaves zeros in the buffer, a refused write nothing anywhere.
 */
enum {
	IDENTITY = 0x00,
	DMA_SOURCE = 0x80, /* from here on 64 bits wide, whatever is accessed */
	DMA_TARGET = 0x88,
	DMA_COUNT = 0x90,
	DMA_COMMAND = 0x98,
	REGISTERS = 0xa0,
};
enum { COMMAND_RUN = 1, COMMAND_TO_MEMORY = 2, DEADLINE_MS = 1000 };
enum { BUFFER = 0x40000, SYMBOLS = BUFFER + DMA_LINE };
enum { VENDOR = 0x1234, DEVICE = 0x11e8, IDENTITY_LOW = 0xed };

static bool match(const struct pci_function *fn)
{
	return fn->vendor == VENDOR && fn->device == DEVICE;
}

static u64 word(const struct dma_engine *e, unsigned symbol)
{
	(void)e;
	return 0xed00000000000100 + symbol;
}

static bool idle(const u8 *reg) { return !(mmio_read64(reg + DMA_COMMAND) & COMMAND_RUN); }

static bool copy(struct dma_engine *e, u64 source, u64 target, u64 bytes, u64 command)
{
	u8 *reg = e->state;
	mmio_write64(reg + DMA_SOURCE, source);
	mmio_write64(reg + DMA_TARGET, target);
	mmio_write64(reg + DMA_COUNT, bytes);
	mmio_write64(reg + DMA_COMMAND, COMMAND_RUN | command);
	if (idle(reg))
		return true;
	u64 since = now();
	bool over = until(DEADLINE_MS, idle(reg), "%s to copy from %#lx to %#lx", e->name, source,
			  target);
	if (over)
		dma_window(e, since);
	return over;
}

static bool deliver(struct dma_engine *e, u64 from, u64 iova)
{
	return copy(e, from, iova, sizeof(u64), COMMAND_TO_MEMORY);
}

static struct dma_result read(struct dma_engine *e, struct iova line)
{
	volatile u64 *arrived = (u64 *)e->arena.cpu;
	struct dma_result r = { .status = DMA_TIMEOUT };
	if (INJECTED(ENGINE))
		return (struct dma_result){ .status = DMA_DONE };
	*arrived = 0;
	if (!copy(e, line.v, BUFFER, sizeof(u64), 0) || !deliver(e, BUFFER, e->arena.iova.v))
		return r;
	r.word = *arrived;
	r.status = r.word ? DMA_DONE : DMA_BLOCKED;
	return r;
}

static struct dma_result write(struct dma_engine *e, struct iova line, unsigned symbol)
{
	if (INJECTED(ENGINE))
		return (struct dma_result){ .status = DMA_DONE };
	if (!deliver(e, SYMBOLS + symbol * sizeof(u64), line.v))
		return (struct dma_result){ .status = DMA_TIMEOUT };
	return (struct dma_result){ .status =
					    e->faulted && e->faulted(e) ? DMA_BLOCKED : DMA_DONE };
}

static void stop(struct dma_engine *e) { pci_bus_master(e->fn, false); }

static bool start(struct dma_engine *e)
{
	struct pci_window w;
	if (!pci_map_bar(e->fn, 0, &w))
		return false;
	if (w.size < REGISTERS || (mmio_read32(w.at + IDENTITY) & 0xff) != IDENTITY_LOW) {
		note("engine=%s does not answer like one", e->name);
		return false;
	}
	e->state = w.at;
	pci_bus_master(e->fn, true);
	struct iova line = { e->arena.iova.v + DMA_LINE };
	for (unsigned symbol = 0; symbol < DMA_SYMBOLS; symbol++)
		((volatile u64 *)e->arena.cpu)[symbol] = word(e, symbol);
	if (copy(e, e->arena.iova.v, SYMBOLS, DMA_SYMBOLS * sizeof(u64), 0) &&
	    write(e, line, 1).status == DMA_DONE && read(e, line).word == word(e, 1))
		return true;
	note("engine=%s does not reach its memory at %#lx (dma_mask too small?)", e->name,
	     e->arena.iova.v);
	stop(e);
	return false;
}

DMA_ENGINE(edu) = {
	.name = "edu",
	.match = match,
	.can = DMA_READ | DMA_WRITE | DMA_ANY_WORD | DMA_NO_RINGS,
	.end = "its run bit is clear",
	.start = start,
	.stop = stop,
	.word = word,
	.tail = dma_no_tail,
	.read = read,
	.write = write,
};
