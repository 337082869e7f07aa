#include "kernel/dma.h"
#include "kernel/inject.h"
#include "kernel/mmio.h"
#include "kernel/pci.h"
#include "kernel/print.h"
#include "kernel/string.h"
#include "kernel/time.h"
#include "kernel/virtio.h"
#include "kernel/virtio_regs.h"

/*
 * DMA by the control queue of a virtio network controller (Virtio 1.2, 5.1.6.5). It gets no queue to receive or transmit, so that no
 * packet comes or goes, and is a virtual function that we made ourselves (kernel/pci_sriov.h).
 *
 * Read: a line's word is the command that sets the MAC address. What that is then, a register says.
 *
 * Write: the acknowledgement of such a command is one byte, 0, and goes to the one in a line's word that differs between symbols.
 */
enum { DEADLINE_MS = 1000, CONTROL_QUEUE = 2, MAC_BYTES = 6, SYMBOL_AT = 2, OK = 0 };
#define SET_MAC 0x0101ull /* class, command */
#define WANTED_FIELDS(F)   \
	F(CTRL_VQ, 17, 17) \
	F(CTRL_MAC_ADDR, 23, 23)
enum { WANTED_FIELDS(AS_ENUM) };

struct memory {
	struct virtio_ring_memory ring;
	u64 command;
	volatile u8 ack;
};

static struct device {
	struct virtio virtio;
	bool broken; /* until it is started anew */
} each[DMA_ENGINES_MAX];

static bool match(const struct pci_function *fn) { return fn->physical; }

static u64 word(const struct dma_engine *e, unsigned symbol)
{
	(void)e;
	return 0x5efa11e52a000000 | (u64)(symbol ^ DMA_SYMBOL_DEVICE) << 8 * SYMBOL_AT | SET_MAC;
}

static struct memory *memory(const struct dma_engine *e)
{
	return (struct memory *)(void *)e->arena.cpu;
}

static void stop(struct dma_engine *e)
{
	if (e->state)
		virtio_reset(&((struct device *)e->state)->virtio);
	e->state = NULL;
	pci_bus_master(e->fn, false);
}

static bool start(struct dma_engine *e)
{
	struct device *d = &each[e->index];
	struct virtio *v = &d->virtio;
	const u64 wanted = mask(VIRTIO_F_VERSION_1) | mask(VIRTIO_F_ACCESS_PLATFORM) |
			   mask(CTRL_VQ) | mask(CTRL_MAC_ADDR);

	e->state = NULL;
	memset(e->arena.cpu, 0, sizeof(struct memory));
	memory(e)->command = word(e, DMA_SYMBOL_DEVICE);
	if (!virtio_map(v, e->fn) || !virtio_reset(v))
		return false;
	/* Without ACCESS_PLATFORM it would take our addresses for physical ones. */
	u64 offers = virtio_offers(v);
	v->queue = CONTROL_QUEUE;
	if (v->layout.device.size >= MAC_BYTES && (offers & wanted) == wanted &&
	    virtio_agree(v, wanted) && virtio_begin(v, &memory(e)->ring, e->arena.iova.v)) {
		e->state = d;
		d->broken = false;
		return true;
	}
	note("engine=%s does not start, features=%#lx", e->name, offers);
	return false;
}

static enum dma_status execute(struct dma_engine *e, u64 command, u64 ack)
{
	struct device *d = e->state;
	enum virtio_answer a;

	if (INJECTED(ENGINE))
		return DMA_DONE;
	if (d->broken)
		return DMA_TIMEOUT;
	u64 since = now();
	virtio_offer(&d->virtio, (struct virtio_buffer){ command, sizeof(u64) },
		     (struct virtio_buffer){ ack, 1 });
	until(DEADLINE_MS, (a = virtio_look(&d->virtio)) != VIRTIO_NOT_YET, "%s to answer",
	      e->name);
	bool faulted = e->faulted && e->faulted(e);
	d->broken = a != VIRTIO_RETURNED;
	if (d->broken)
		virtio_note_failure(&d->virtio);
	else
		dma_window(e, since);
	return faulted ? DMA_BLOCKED : d->broken ? DMA_TIMEOUT : DMA_DONE;
}

static struct dma_result read(struct dma_engine *e, struct iova line)
{
	struct dma_result r = { .word = SET_MAC };

	memory(e)->ack = !OK;
	r.status = execute(e, line.v, e->arena.iova.v + offsetof(struct memory, ack));
	if (r.status == DMA_DONE)
		for (unsigned i = 0; i < MAC_BYTES; i++)
			r.word |= (u64)mmio_read8(((struct device *)e->state)->virtio.device + i)
				  << (8 * (i + SYMBOL_AT));
	/* It read something that is no command. */
	if (memory(e)->ack != OK)
		r.word = ~0ull;
	return r;
}

static struct dma_result write(struct dma_engine *e, struct iova line, unsigned symbol)
{
	(void)symbol;
	return (struct dma_result){ .status = execute(
					    e, e->arena.iova.v + offsetof(struct memory, command),
					    line.v + SYMBOL_AT) };
}

DMA_ENGINE(virtio_net) = {
	.name = "virtio-net",
	.match = match,
	.can = DMA_READ | DMA_WRITE | DMA_ANY_ADDRESS | DMA_PART,
	.end = "the used ring's index",
	.start = start,
	.stop = stop,
	.word = word,
	.tail = dma_no_tail,
	.read = read,
	.write = write,
};
