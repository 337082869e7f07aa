/* Pure: the start information of a direct (PVH) boot. */
#include "boot/pvh.h"
#include "boot/ram.h"
#include "boot/text.h"
#include "kernel/string.h"

/* struct hvm_start_info: version 0 has 40 bytes, version 1 has a memory map in 16 more. */
enum { VERSION = 4, CMDLINE = 24, RSDP = 32, V0_LEN = 40, MAP = 40, MAP_COUNT = 48, V1_LEN = 56 };
#define PVH_MAGIC 0x336ec578u

enum { MAP_ENTRY = 24, MAP_MAX = 4096 /* entries */ };

/* A command line has no length: byte by byte, as far as memory can be read. */
static void command_line(struct firmware *fw, struct pa pa, struct boot_info *out)
{
	const u8 *p = NULL;
	size_t n;

	for (n = 0; n < BOOT_CMDLINE_MAX; n++) {
		p = fw->view((struct pa){ pa.v + n }, 1);
		if (!p || !*p)
			break;
	}
	if (!p)
		firmware_problem(fw, "pvh: command line at 0x%lx leaves readable memory: cut",
				 pa.v);
	p = fw->view(pa, n);
	if (p)
		out->cmdline_cut = !text_copy(out->cmdline, sizeof out->cmdline, p, n);
	if (out->cmdline_cut)
		firmware_problem(fw, "pvh: command line longer than %u bytes: cut",
				 BOOT_CMDLINE_MAX - 1);
}

/* Where the memory map is; its size is 0, after a problem, if there is none to read. */
static struct boot_range memory_map(struct firmware *fw, const u8 *p, struct boot_info *out)
{
	struct boot_range map = { { le64(p + MAP) }, le32(p + MAP_COUNT) * (u64)MAP_ENTRY };
	const u8 *entries = le32(p + MAP_COUNT) <= MAP_MAX ? fw->view(map.base, map.size) : NULL;

	if (!entries) {
		firmware_problem(fw, "pvh: no memory map of %u entries at 0x%lx",
				 le32(p + MAP_COUNT), map.base.v);
		return (struct boot_range){ 0 };
	}
	ram_map(out, entries, map.size / MAP_ENTRY, MAP_ENTRY);
	return map;
}

bool pvh_read(struct firmware *fw, struct pa start_info, struct boot_range image,
	      struct boot_info *out)
{
	const u8 *p = fw->view(start_info, V0_LEN);
	struct boot_range map;
	u64 len = V0_LEN;

	memset(out, 0, sizeof *out);
	out->loader = "pvh";
	if (!p || le32(p) != PVH_MAGIC) {
		firmware_problem(fw, "pvh: no start information at 0x%lx", start_info.v);
		return false;
	}
	out->rsdp_pa = (struct pa){ le64(p + RSDP) };
	if (le64(p + CMDLINE))
		command_line(fw, (struct pa){ le64(p + CMDLINE) }, out);
	if (le32(p + VERSION) >= 1) {
		len = V1_LEN;
		p = fw->view(start_info, len);
	} else {
		p = NULL;
	}
	if (!p) {
		firmware_problem(fw, "pvh: start information has no memory map");
		return false;
	}
	map = memory_map(fw, p, out);
	ram_remove(out, image);
	ram_remove(out, (struct boot_range){ start_info, len });
	ram_remove(out, map);
	if (out->cmdline[0])
		ram_remove(out, (struct boot_range){ { le64(p + CMDLINE) }, strlen(out->cmdline) });
	ram_pages(out);
	if (out->ranges == 0)
		firmware_problem(fw, "pvh: no usable RAM in the memory map");
	return out->ranges != 0;
}
