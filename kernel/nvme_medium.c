#include "kernel/nvme_medium.h"
#include "kernel/nvme_command.h"
#include "kernel/nvme_identify.h"
#include "kernel/print.h"
#include "kernel/string.h"

static bool identify(struct nvme *n, enum nvme_identify what, u32 namespace_id)
{
	const struct nvme_command c = nvme_identify(what, namespace_id, nvme_iova(n, data));

	memset(n->memory->data, 0, sizeof n->memory->data);
	return !nvme_do(n, &n->admin, &c);
}

static bool find_namespace(struct nvme *n, struct nvme_medium *m)
{
	struct nvme_format f;

	if (!identify(n, NVME_IDENTIFY_NAMESPACES, 0))
		return false;
	m->namespace_id = n->memory->data32[0];
	if (!m->namespace_id) {
		note("NVMe controller has no namespace");
		return false;
	}
	if (!identify(n, NVME_IDENTIFY_NAMESPACE, m->namespace_id))
		return false;
	f = nvme_format_of(n->memory->data);
	if (f.metadata || f.block_log2 < 9 || f.block_log2 > 12 ||
	    f.blocks < (u64)NVME_READ_BYTES >> f.block_log2) {
		note("NVMe namespace %u has %lu blocks of 2^%u bytes and %u of metadata: cannot be used",
		     m->namespace_id, f.blocks, f.block_log2, f.metadata);
		return false;
	}
	m->blocks = NVME_READ_BYTES >> f.block_log2;
	return true;
}

/* Identify Controller is in `data`. */
static bool find_word(struct nvme *n, u64 wanted, u32 *offset)
{
	const struct nvme_command whole =
		nvme_get_effects(0, NVME_PAGE / sizeof(u32), nvme_iova(n, data));
	const char *lacks = nvme_log_lacks(n->memory->data);

	if (!lacks &&
	    (nvme_do(n, &n->admin, &whole) || !nvme_log_find(n->memory->data, wanted, offset)))
		lacks = "a word in the log of commands and their effects that can be an address";
	if (lacks)
		note("NVMe controller lacks %s: it reads only", lacks);
	return !lacks;
}

bool nvme_find_medium(struct nvme *n, u64 wanted, struct nvme_medium *m)
{
	const char *lacks;

	if (!identify(n, NVME_IDENTIFY_CONTROLLER, 0))
		return false;
	lacks = nvme_controller_lacks(n->memory->data, NVME_READ_BYTES);
	if (lacks) {
		note("NVMe controller lacks %s", lacks);
		return false;
	}
	m->has_word = find_word(n, wanted, &m->effects_offset);
	return find_namespace(n, m);
}
