/* Pure: the Global Command register's rules. */
#include "iommu/vtd_gcmd.h"

u32 vtd_gcmd_next(u32 gsts, int bit, enum vtd_switch to)
{
	u64 kept = mask(VTD_GCMD_TE) | mask(VTD_GCMD_EAFL) | mask(VTD_GCMD_QIE) |
		   mask(VTD_GCMD_IRE) | mask(VTD_GCMD_CFI);

	return (u32)((gsts & kept & ~mask(bit)) | put(bit, to));
}

bool vtd_gcmd_done(u32 gsts, int bit, enum vtd_switch to)
{
	/*
	 * WBFS shows that the flush is still running, the others show that the change is in effect.
	 */
	bool shown = get(gsts, bit);

	return bit == VTD_GCMD_WBF ? !shown : shown == (to == VTD_ON);
}
