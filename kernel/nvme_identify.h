#pragma once
#include "kernel/nvme_memory.h"

/* What a controller says of itself in pages of 4096 bytes. Pure. */

/* Of Identify Controller (5.17.2.1): what it lacks to be an engine that reads `bytes` at once, or NULL. */
const char *nvme_controller_lacks(const u8 *page, u32 bytes);
/* And to write 64 bits of the log of commands and their effects, or NULL: before NVMe 2.0 that log is optional. */
const char *nvme_log_lacks(const u8 *page);

/* Of Identify Namespace (NVM Command Set 1.0, 4.1.5.1): the format in use. */
struct nvme_format {
	u64 blocks;
	u8 block_log2;
	u16 metadata; /* bytes a block */
};
struct nvme_format nvme_format_of(const u8 *page);

/* Where in a log page, at a multiple of 4 as Get Log Page wants it, these 64 bits are. */
bool nvme_log_find(const u8 *page, u64 wanted, u32 *offset);
