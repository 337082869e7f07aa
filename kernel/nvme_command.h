#pragma once
#include "kernel/nvme_memory.h"

/* The commands in use, as submission queue entries without an identifier. Addresses are the device's. Pure. */

/* 5.17: a page about `what`, to a page. */
struct nvme_command nvme_identify(enum nvme_identify what, u32 namespace_id, u64 to);

/* 5.16.1.6: of the log of commands and their effects so many dwords from that offset (a multiple of 4). */
struct nvme_command nvme_get_effects(u32 offset, u32 dwords, u64 to);

/* 5.4, 5.5: I/O queues, the completion queue of number 1, of NVME_QUEUE_ENTRIES, without interrupts. */
struct nvme_command nvme_create_io_cq(u64 at);
struct nvme_command nvme_create_io_sq(unsigned number, unsigned entries, u64 at);

/* NVM Command Set 1.0, 3.2.4: so many blocks from block 0 on, to where the PRPs say. */
struct nvme_command nvme_read(u32 namespace_id, u32 blocks, u64 prp1, u64 prp2);

/*
 * A read of namespace 0, which is none: of no effect, wherever it is read from, but a completion with this identifier. What its
 * first two words are, and all others 0.
 */
enum { NVME_NOTHING_ID = 0x100 };
struct nvme_command nvme_read_nothing(u16 id);
