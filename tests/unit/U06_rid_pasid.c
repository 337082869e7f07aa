/* Pure: U06, by which PASID a request without one goes. */
#include "tests/unit/rows.h"

static const struct unit_row rid_pasid[] = {
	{ "U06.rid_pasid", "RID_PASID counts where ECAP.RPS=1, and there alone", UNIT_READS, NULL },
};
UNIT_TABLE(rid_pasid, unit_rid_pasid, "VT-d 9.4 (RID_PASID)");
