#pragma once
#include "kernel/nvme_allow.h"
#include "kernel/pci.h"

/* An NVMe controller as a source of DMA: it is only asked and read. No interrupts. One CPU at a time. */

struct nvme_queue {
	enum nvme_queue_kind kind;
	struct nvme_rings *rings;
	u8 *sq_doorbell, *cq_doorbell;
	unsigned tail, head; /* where the next command goes, and its completion comes */
	u16 phase;           /* of a completion that is new */
	u16 command_id;      /* of the last command */
};

struct nvme {
	u8 *reg;
	struct nvme_memory *memory;
	u64 iova; /* of memory */
	u64 cap;
	struct nvme_queue admin, io;
	u64 stride;      /* of a pair's doorbells */
	unsigned queues; /* I/O queues have doorbells */
	bool broken;     /* it did not come back from a reset */
};

enum { NVME_CLASS = 0x010802 };
/* Besides what a completion says: Status Code (Type) and what is above them, 0 for success. */
enum { NVME_NO_ANSWER = 0x10000, NVME_FORBIDDEN = 0x10001 };

#define nvme_iova(n, member) ((n)->iova + offsetof(struct nvme_memory, member))

/* Find the registers; false with a note when this controller cannot be used. */
bool nvme_map(struct nvme *n, const struct pci_function *fn);

/*
 * Reset: the controller forgets its queues and masters nothing (3.7.2). False with a note when it does not
 * come back in the time that it claims to need.
 */
bool nvme_reset(struct nvme *n);

/*
 * Make a controller that was reset work with empty queues in the arena, an admin pair and an I/O pair. Bus mastering
 * is on. False with a note.
 */
bool nvme_begin(struct nvme *n, const struct dma_arena *arena);

/* Tell the controller that the machine may be switched off now, if it works, and reset it (3.6). */
void nvme_end(struct nvme *n);

/* Give it one command; the one before has ended. False: kernel/nvme_allow.h forbids it, nothing was done. */
bool nvme_submit(struct nvme_queue *q, const struct nvme_command *c);

/* Has one ended since? */
bool nvme_completed(struct nvme_queue *q, struct nvme_completion *c);

/* Does it say of itself that it cannot go on? Only a reset helps. */
bool nvme_failed(const struct nvme *n);

/* Both: one command to its end. Its status, NVME_NO_ANSWER or NVME_FORBIDDEN; a note unless it is success. */
u32 nvme_do(struct nvme *n, struct nvme_queue *q, const struct nvme_command *c);
