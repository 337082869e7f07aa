#include "kernel/inject.h"
#include "kernel/mmio.h"
#include "kernel/nvme_command.h"
#include "kernel/nvme_engine.h"
#include "kernel/nvme_regs.h"
#include "kernel/power.h"
#include "kernel/print.h"

/*
 * DMA by an NVMe controller that fetches commands from where it is told: the line is an entry of a submission queue.
 *
 * Read: a new queue begins where the line's page does, and its doorbell rings for one entry after the other up to the line. What was fetched
 * the completion's identifier tells. So an entry of each line before is fetched too.
 *
 * A line is a command that kernel/nvme_allow.h allows, a read of no namespace (zeros are a flush of none), which ends in an error. But what is fetched through a
 * translation that is stale or wrong nobody has looked at: so by QEMU's own controller only, whose medium is a file of the one who tests
 * (a real drive that a guest was given has its maker's id), and only for who asks for it by name.
 */

enum { QEMU_VENDOR = 0x1b36, QEMU_NVME = 0x0010 }; /* QEMU's docs/specs/pci-ids */
/* The first I/O queue is in the arena, and not used. */
enum { FIRST = 1, LINES = NVME_PAGE / sizeof(struct nvme_command), QUEUES = 16 };
_Static_assert(sizeof(struct nvme_command) == DMA_LINE, "a line is a command");

static bool match(const struct pci_function *fn)
{
	return power_is_qemu() && fn->vendor == QEMU_VENDOR && fn->device == QEMU_NVME &&
	       nvme_engine_match(fn);
}

static unsigned number, queues; /* of the queue that was created last, and how many can be */

static u64 word(const struct dma_engine *e, unsigned symbol)
{
	const struct nvme_command c = nvme_read_nothing((u16)(NVME_NOTHING_ID + symbol));

	(void)e;
	return c.dword0 | (u64)c.namespace_id << 32;
}

static bool create(struct dma_engine *e, u64 page)
{
	struct nvme *n = e->state;
	const struct nvme_command c = nvme_create_io_sq(++number, LINES, page);

	return !n->broken && !nvme_do(n, &n->admin, &c);
}

static bool start_anew(struct dma_engine *e)
{
	number = FIRST;
	nvme_engine_anew(e);
	return true;
}

/* Queues are never deleted, which no allowed command does: when there are no more the controller is started anew. */
static bool queue_at(struct dma_engine *e, u64 page)
{
	if (number == queues)
		start_anew(e);
	if (create(e, page))
		return true;
	if (number > FIRST + 1)
		queues = number - 1;
	return start_anew(e) && create(e, page);
}

static struct dma_result read(struct dma_engine *e, struct iova line)
{
	struct nvme *n = e->state;
	struct dma_result r = { .status = DMA_TIMEOUT };
	struct nvme_completion c = { 0 };
	u64 at = line.v % NVME_PAGE;

	if (INJECTED(ENGINE))
		return (struct dma_result){ .status = DMA_DONE };
	if (!queue_at(e, line.v - at))
		return r;
	u8 *doorbell = n->admin.sq_doorbell + number * n->stride;
	for (u32 tail = 1; tail <= at / DMA_LINE + 1; tail++) {
		mmio_write32(doorbell, tail % LINES);
		r.status = nvme_engine_wait(e, &n->io, &c);
		if (r.status != DMA_DONE) {
			number = queues; /* of this controller no queue is left */
			return r;
		}
	}
	r.word = get(c.status, NVME_STATUS) ? word(e, c.command_id - NVME_NOTHING_ID) : ~0ull;
	return r;
}

static bool start(struct dma_engine *e)
{
	if (nvme_engine_start(e)) {
		const struct nvme *n = e->state;

		number = FIRST;
		queues = n->queues < QUEUES ? n->queues : QUEUES;
		if (queues > FIRST && get(n->cap, NVME_CAP_MQES) >= LINES - 1)
			return true;
		note("engine=%s needs more queues, or longer ones: CAP=%#lx", e->name, n->cap);
	}
	nvme_engine_stop(e);
	return false;
}

DMA_ENGINE(nvme_fetch) = {
	.name = "nvme-fetch",
	.match = match,
	.by_name = true,
	.can = DMA_READ | DMA_ANY_ADDRESS | DMA_FETCH,
	.end = "a completion entry of the new phase",
	.start = start,
	.stop = nvme_engine_stop,
	.word = word,
	.tail = dma_no_tail,
	.read = read,
};
