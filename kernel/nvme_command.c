/* Pure: commands to a controller. */
#include "kernel/nvme_command.h"

struct nvme_command nvme_identify(enum nvme_identify what, u32 namespace_id, u64 to)
{
	return (struct nvme_command){
		.dword0 = NVME_IDENTIFY, .namespace_id = namespace_id, .prp1 = to, .dword10 = what
	};
}

struct nvme_command nvme_get_effects(u32 offset, u32 dwords, u64 to)
{
	return (struct nvme_command){ .dword0 = NVME_GET_LOG_PAGE,
				      .prp1 = to,
				      .dword10 = (u32)(put(NVME_LOG_ID, NVME_LOG_EFFECTS) |
						       put(NVME_LOG_RETAIN, 1) |
						       put(NVME_LOG_DWORDS, dwords - 1)),
				      .dword12 = offset };
}

static u32 which_queue(unsigned number, unsigned entries)
{
	return (u32)(put(NVME_QUEUE_ID, number) | put(NVME_QUEUE_SIZE, entries - 1));
}

struct nvme_command nvme_create_io_cq(u64 at)
{
	return (struct nvme_command){ .dword0 = NVME_CREATE_IO_CQ,
				      .prp1 = at,
				      .dword10 = which_queue(1, NVME_QUEUE_ENTRIES),
				      .dword11 = (u32)put(NVME_QUEUE_CONTIGUOUS, 1) };
}

struct nvme_command nvme_create_io_sq(unsigned number, unsigned entries, u64 at)
{
	return (struct nvme_command){ .dword0 = NVME_CREATE_IO_SQ,
				      .prp1 = at,
				      .dword10 = which_queue(number, entries),
				      .dword11 = (u32)(put(NVME_QUEUE_CONTIGUOUS, 1) |
						       put(NVME_SQ_COMPLETES_TO, 1)) };
}

struct nvme_command nvme_read(u32 namespace_id, u32 blocks, u64 prp1, u64 prp2)
{
	return (struct nvme_command){ .dword0 = NVME_READ,
				      .namespace_id = namespace_id,
				      .prp1 = prp1,
				      .prp2 = prp2,
				      .dword12 = (u32)put(NVME_READ_BLOCKS, blocks - 1) };
}

struct nvme_command nvme_read_nothing(u16 id)
{
	return (struct nvme_command){ .dword0 = (u32)(NVME_READ | put(NVME_COMMAND_ID, id)) };
}
