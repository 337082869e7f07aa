#include "kernel/nvme.h"
#include "kernel/mmio.h"
#include "kernel/nvme_command.h"
#include "kernel/nvme_regs.h"
#include "kernel/print.h"
#include "kernel/string.h"
#include "kernel/time.h"

enum { ENTRY_SIZES_LOG2_SQ = 6, ENTRY_SIZES_LOG2_CQ = 4, TIMEOUT_UNIT_MS = 500 };
/* Not bounded by a register; a drive may have to wake up for a command, and has a cache to write at its end. */
enum { COMMAND_MS = 2000, SHUTDOWN_MS = 5000 };

bool nvme_map(struct nvme *n, const struct pci_function *fn)
{
	struct pci_window w;

	if (!pci_map_bar(fn, 0, &w))
		return false;
	if (w.size < NVME_REGISTERS) {
		note("NVMe controller has only %lu bytes of registers", w.size);
		return false;
	}
	n->reg = w.at;
	n->cap = mmio_read64_lo_hi(n->reg + NVME_CAP);
	u64 stride = 4ul << get(n->cap, NVME_CAP_DSTRD);
	if (!get(n->cap, NVME_CAP_CSS_NVM) || get(n->cap, NVME_CAP_MPSMIN) ||
	    get(n->cap, NVME_CAP_MQES) < NVME_QUEUE_ENTRIES - 1 ||
	    NVME_DOORBELLS + 4 * stride > w.size) {
		note("NVMe controller cannot be used, CAP=%#lx", n->cap);
		return false;
	}
	n->admin = (struct nvme_queue){ .kind = NVME_ADMIN, .sq_doorbell = w.at + NVME_DOORBELLS };
	n->io = (struct nvme_queue){ .kind = NVME_IO,
				     .sq_doorbell = w.at + NVME_DOORBELLS + 2 * stride };
	n->stride = 2 * stride;
	n->queues = (unsigned)((w.size - NVME_DOORBELLS) / n->stride) - 1;
	n->admin.cq_doorbell = n->admin.sq_doorbell + stride;
	n->io.cq_doorbell = n->io.sq_doorbell + stride;
	return true;
}

static u32 status_of(const struct nvme *n) { return mmio_read32(n->reg + NVME_CSTS); }

bool nvme_failed(const struct nvme *n) { return get(status_of(n), NVME_CSTS_CFS); }

static u64 ready_ms(const struct nvme *n)
{
	return (get(n->cap, NVME_CAP_TO) + 1) * TIMEOUT_UNIT_MS;
}

static bool becomes_ready(const struct nvme *n)
{
	return until(ready_ms(n), get(status_of(n), NVME_CSTS_RDY) || nvme_failed(n),
		     "NVMe controller to be ready, CSTS=%#x", status_of(n));
}

bool nvme_reset(struct nvme *n)
{
	/* To stop one that is about to start "has undefined results" (3.1.3.5). */
	if (get(mmio_read32(n->reg + NVME_CC), NVME_CC_EN))
		becomes_ready(n);
	/* The rest stays: sizes must not change while there are queues, nor most else while it is enabled (3.1.3.5). */
	mmio_write32(n->reg + NVME_CC,
		     mmio_read32(n->reg + NVME_CC) & (u32) ~(mask(NVME_CC_EN) | mask(NVME_CC_SHN)));
	n->broken = !until(ready_ms(n), !get(status_of(n), NVME_CSTS_RDY),
			   "NVMe controller to be reset, CSTS=%#x", status_of(n));
	return !n->broken;
}

static void empty(struct nvme_queue *q, struct nvme_rings *rings)
{
	memset(rings, 0, sizeof *rings);
	q->rings = rings;
	q->head = q->tail = 0;
	q->phase = 1;
}

static bool create_io(struct nvme *n)
{
	const struct nvme_command cq = nvme_create_io_cq(nvme_iova(n, io.cq));
	const struct nvme_command sq =
		nvme_create_io_sq(1, NVME_QUEUE_ENTRIES, nvme_iova(n, io.sq));

	return !nvme_do(n, &n->admin, &cq) && !nvme_do(n, &n->admin, &sq);
}

bool nvme_begin(struct nvme *n, const struct dma_arena *arena)
{
	u32 entries = NVME_QUEUE_ENTRIES - 1;

	n->memory = (struct nvme_memory *)(void *)arena->cpu;
	n->iova = arena->iova.v;
	empty(&n->admin, &n->memory->admin);
	empty(&n->io, &n->memory->io);
	mmio_write32(n->reg + NVME_INTMS, ~0u);
	mmio_write32(n->reg + NVME_AQA,
		     (u32)(put(NVME_AQA_ASQS, entries) | put(NVME_AQA_ACQS, entries)));
	mmio_write64_lo_hi(n->reg + NVME_ASQ, nvme_iova(n, admin.sq));
	mmio_write64_lo_hi(n->reg + NVME_ACQ, nvme_iova(n, admin.cq));
	mmio_write32(n->reg + NVME_CC,
		     (u32)(put(NVME_CC_EN, 1) | put(NVME_CC_IOSQES, ENTRY_SIZES_LOG2_SQ) |
			   put(NVME_CC_IOCQES, ENTRY_SIZES_LOG2_CQ)));
	return becomes_ready(n) && create_io(n);
}

void nvme_end(struct nvme *n)
{
	u32 cc = mmio_read32(n->reg + NVME_CC);

	if (get(status_of(n), NVME_CSTS_RDY) && !nvme_failed(n)) {
		mmio_write32(n->reg + NVME_CC, cc | (u32)put(NVME_CC_SHN, NVME_SHN_NORMAL));
		until(SHUTDOWN_MS, get(status_of(n), NVME_CSTS_SHST) == NVME_SHST_COMPLETE,
		      "NVMe controller to shut down, CSTS=%#x", status_of(n));
	}
	nvme_reset(n);
}

bool nvme_submit(struct nvme_queue *q, const struct nvme_command *c)
{
	if (!nvme_allowed(q->kind, c))
		return false;
	struct nvme_command *entry = &q->rings->sq[q->tail];
	*entry = *c;
	entry->dword0 |= (u32)put(NVME_COMMAND_ID, ++q->command_id);
	q->tail = (q->tail + 1) % NVME_QUEUE_ENTRIES;
	mmio_write32(q->sq_doorbell, q->tail);
	return true;
}

bool nvme_completed(struct nvme_queue *q, struct nvme_completion *c)
{
	const struct nvme_completion *next = &q->rings->cq[q->head];

	if (get(__atomic_load_n(&next->status, __ATOMIC_ACQUIRE), NVME_PHASE) != q->phase)
		return false;
	*c = *next;
	q->head = (q->head + 1) % NVME_QUEUE_ENTRIES;
	q->phase ^= !q->head;
	mmio_write32(q->cq_doorbell, q->head);
	return true;
}

/* Has the last command ended? Then its status. */
static bool nvme_ended(struct nvme_queue *q, u32 *status)
{
	struct nvme_completion c;

	if (!nvme_completed(q, &c))
		return false;
	*status = c.command_id == q->command_id ? (u32)get(c.status, NVME_STATUS) : NVME_NO_ANSWER;
	return true;
}

u32 nvme_do(struct nvme *n, struct nvme_queue *q, const struct nvme_command *c)
{
	u32 status = NVME_FORBIDDEN;

	if (nvme_submit(q, c)) {
		status = NVME_NO_ANSWER;
		until(COMMAND_MS, nvme_ended(q, &status) || nvme_failed(n), "NVMe command %#x",
		      c->dword0);
	}
	if (status)
		note("NVMe command %#x: %s, status=%#x CSTS=%#x", c->dword0,
		     status == NVME_FORBIDDEN   ? "not allowed"
		     : status == NVME_NO_ANSWER ? "no answer"
						: "refused",
		     status, status_of(n));
	return status;
}
