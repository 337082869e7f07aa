/* Pure: where a controller memory buffer is. */
#include "kernel/nvme_cmb.h"
#include "kernel/bits.h"

/* Units of 4 KiB << 4 * SZU, for the offset too */
#define NVME_CMB_FIELDS(F)     \
	F(CMBLOC_BIR, 2, 0)    \
	F(CMBLOC_OFST, 31, 12) \
	F(CMBSZ_SZU, 11, 8)    \
	F(CMBSZ_SZ, 31, 12)
enum { NVME_CMB_FIELDS(AS_ENUM) };
enum { SZU_MAX = 6, BARS = 6 };

struct nvme_cmb nvme_cmb_decode(u32 location, u32 size)
{
	u64 unit = 4096ull << 4 * get(size, CMBSZ_SZU);
	struct nvme_cmb c = { .bar = (unsigned)get(location, CMBLOC_BIR),
			      .offset = get(location, CMBLOC_OFST) * unit,
			      .size = get(size, CMBSZ_SZ) * unit };

	/* BAR 1 is the upper half of BAR 0. */
	if (get(size, CMBSZ_SZU) > SZU_MAX || c.bar >= BARS || c.bar == 1)
		c.size = 0;
	return c;
}
