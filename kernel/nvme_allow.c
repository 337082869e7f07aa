/* Pure: the commands that a controller may be given, all of them. */
#include "kernel/nvme_allow.h"

/* What CDW10 to 12 must be in the bits of `looked_at`. */
static const struct allowed {
	enum nvme_queue_kind queue;
	u8 opcode;
	u32 looked_at[3], must_be[3];
} allowed[] = {
	{ NVME_ADMIN, NVME_IDENTIFY, { 0 }, { 0 } },
	/* This log alone, and nothing of it reset: "retain asynchronous event", no action. */
	{ NVME_ADMIN, NVME_GET_LOG_PAGE, { 0xffff }, { 0x8000 | NVME_LOG_EFFECTS } },
	/* Physically contiguous, no interrupt. */
	{ NVME_ADMIN, NVME_CREATE_IO_CQ, { 0, ~0u }, { 0, 1 } },
	{ NVME_ADMIN, NVME_CREATE_IO_SQ, { 0, 0xffff }, { 0, 1 } },
	/* Without Force Unit Access, which makes a controller write its cache back; nothing else is asked for either. */
	{ NVME_IO, NVME_READ, { 0, 0, 0xffff0000 }, { 0 } },
};

bool nvme_allowed(enum nvme_queue_kind queue, const struct nvme_command *c)
{
	const u32 has[3] = { c->dword10, c->dword11, c->dword12 };

	for (const struct allowed *a = allowed; a < allowed + ARRAY_SIZE(allowed); a++) {
		bool same = a->queue == queue && a->opcode == get(c->dword0, NVME_OPCODE) &&
			    !get(c->dword0, NVME_FLAGS);

		for (unsigned i = 0; i < ARRAY_SIZE(has); i++)
			same &= (has[i] & a->looked_at[i]) == a->must_be[i];
		if (same)
			return true;
	}
	return false;
}
