#pragma once
#include "kernel/nvme_memory.h"

/*
 * May this entry be put into a submission queue? Only if it cannot change the medium or a setting of the
 * controller: Identify, one log page that nothing resets, I/O queues without interrupts, and reading the medium. Every
 * entry that a controller gets to see has passed here (kernel/nvme.c). Pure.
 */
enum nvme_queue_kind { NVME_ADMIN, NVME_IO };
bool nvme_allowed(enum nvme_queue_kind queue, const struct nvme_command *c);
