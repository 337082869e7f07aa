/* Pure: what an NVMe controller says of itself. */
#include "kernel/nvme_identify.h"
#include "kernel/string.h"

/* 5.17.2.1, offsets and bits */
enum { MDTS = 77, LPA = 261, LPA_EFFECTS = 2, LPA_EXTENDED_DATA = 4 };
/* NVM Command Set 1.0, 4.1.5.1 */
enum { NSZE = 0, FLBAS = 26, LBAF = 128, LBAF_SIZE = 4, LBAF_LBADS = 2 };

const char *nvme_controller_lacks(const u8 *page, u32 bytes)
{
	/* A power of two of the smallest page, which is 4 KiB; 0: no limit. */
	if (page[MDTS] && page[MDTS] < 16 && (u32)NVME_PAGE << page[MDTS] < bytes)
		return "transfers of three pages";
	return NULL;
}

const char *nvme_log_lacks(const u8 *page)
{
	if (!(page[LPA] & LPA_EFFECTS))
		return "the log of commands and their effects";
	if (!(page[LPA] & LPA_EXTENDED_DATA))
		return "parts of a log page";
	return NULL;
}

struct nvme_format nvme_format_of(const u8 *page)
{
	const u8 *format = page + LBAF +
			   LBAF_SIZE * (size_t)((page[FLBAS] & 15) | (page[FLBAS] >> 5 & 3) << 4);

	return (struct nvme_format){ .blocks = le64(page + NSZE),
				     .block_log2 = format[LBAF_LBADS],
				     .metadata = (u16)(format[0] | format[1] << 8) };
}

bool nvme_log_find(const u8 *page, u64 wanted, u32 *offset)
{
	for (u32 at = 0; at + sizeof(u64) <= NVME_PAGE; at += sizeof(u32))
		if (le64(page + at) == wanted) {
			*offset = at;
			return true;
		}
	return false;
}
