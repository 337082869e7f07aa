#pragma once
#include "kernel/bits.h"
#include "kernel/dma.h"

/* What an NVMe controller shares with software in memory, laid out in an engine's arena. */

/* Base Specification 2.0, 3.3.3.1: a submission queue entry, "dword n" being the manual's CDWn. */
struct nvme_command {
	u32 dword0, namespace_id, dword2, dword3;
	u64 metadata, prp1, prp2;
	u32 dword10, dword11, dword12, dword13, dword14, dword15;
};
_Static_assert(sizeof(struct nvme_command) == 64, "CC.IOSQES says 64");

/* 3.3.3.2.1 */
struct nvme_completion {
	u32 result, reserved;
	u16 sq_head, sq_id, command_id, status;
};
_Static_assert(sizeof(struct nvme_completion) == 16, "CC.IOCQES says 16");

/* CDW0; CDW10 to 12 of the commands in use (5.4, 5.5, 5.16, 5.17; NVM Command Set 1.0, 3.2.4); status of a completion. */
#define NVME_ENTRY_FIELDS(F)            \
	F(NVME_OPCODE, 7, 0)            \
	F(NVME_FLAGS, 15, 8)            \
	F(NVME_COMMAND_ID, 31, 16)      \
	F(NVME_QUEUE_ID, 15, 0)         \
	F(NVME_QUEUE_SIZE, 31, 16)      \
	F(NVME_QUEUE_CONTIGUOUS, 0, 0)  \
	F(NVME_SQ_COMPLETES_TO, 31, 16) \
	F(NVME_LOG_ID, 7, 0)            \
	F(NVME_LOG_RETAIN, 15, 15)      \
	F(NVME_LOG_DWORDS, 31, 16)      \
	F(NVME_READ_BLOCKS, 15, 0)      \
	F(NVME_PHASE, 0, 0)             \
	F(NVME_STATUS, 15, 1)
enum { NVME_ENTRY_FIELDS(AS_ENUM) };

/* Figures 138 and 390: the commands that this kernel has a use for; what may be sent is kernel/nvme_allow.h's matter. */
enum nvme_admin_opcode {
	NVME_CREATE_IO_SQ = 0x01,
	NVME_GET_LOG_PAGE = 0x02,
	NVME_CREATE_IO_CQ = 0x05,
	NVME_IDENTIFY = 0x06,
};
enum nvme_io_opcode { NVME_READ = 0x02 };

enum nvme_identify { NVME_IDENTIFY_NAMESPACE, NVME_IDENTIFY_CONTROLLER, NVME_IDENTIFY_NAMESPACES };
enum { NVME_LOG_EFFECTS = 5 };

enum { NVME_PAGE = 4096, NVME_QUEUE_ENTRIES = 16 };

struct nvme_rings {
	union {
		struct nvme_command sq[NVME_QUEUE_ENTRIES];
		u8 sq_page[NVME_PAGE];
	};
	union {
		struct nvme_completion cq[NVME_QUEUE_ENTRIES];
		u8 cq_page[NVME_PAGE];
	};
};

struct nvme_memory {
	/* The address of a pad is the word of a symbol, kernel/engine_nvme.c. */
	u64 pad[DMA_SYMBOLS][NVME_PAGE / sizeof(u64)];
	u8 before[NVME_PAGE],
		behind[NVME_PAGE]; /* what a read of the medium brings beside a pad's page */
	union {
		u8 data[NVME_PAGE]; /* of Identify and Get Log Page */
		u32 data32[NVME_PAGE / sizeof(u32)];
	};
	struct nvme_rings admin, io;
	u8 unused[DMA_ARENA_SIZE / NVME_PAGE - DMA_SYMBOLS - 7][NVME_PAGE];
};
_Static_assert(sizeof(struct nvme_memory) == DMA_ARENA_SIZE, "does not fit the arena");
