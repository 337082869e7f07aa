/* Pure: entries of second-stage page tables. */
#include "iommu/vtd_second.h"

u64 vtd_second_table(struct pa table)
{
	return put(VTD_SS_R, 1) | put(VTD_SS_W, 1) | (table.v & mask(VTD_SS_ADDR));
}

u64 vtd_second_leaf(struct pa pa, unsigned rights)
{
	if (!rights)
		return 0;
	return put(VTD_SS_R, !!(rights & VTD_SS_READ)) | put(VTD_SS_W, !!(rights & VTD_SS_WRITE)) |
	       (pa.v & mask(VTD_SS_ADDR));
}
