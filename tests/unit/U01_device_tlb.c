/* Pure: U01, which descriptor makes a device forget what, and what it must not be told of. */
#include "tests/unit/rows.h"

#define ROW(id, sentence, ...)                                                    \
	{                                                                         \
		.row = { "U01.dtlb_" id, sentence, NEED_ATS | NEED_MARKS, NULL }, \
		.scope = __VA_ARGS__                                              \
	}

static const struct device_tlb_row device_tlbs[] = {
	ROW("nothing", "no descriptor at all", DTLB_NONE),
	ROW("page", "device TLB, S=0", DTLB_PAGES, .gone = PAGE_AT),
	ROW("page_next", "device TLB, S=0, the next page", DTLB_PAGES, .page = 1,
	    .gone = PAGE_NEXT),
	ROW("page_none", "device TLB, S=0, a page that it does not have", DTLB_PAGES, .page = 2),
	ROW("other_requester", "device TLB, all of another requester", DTLB_PAGES, .sid = ANOTHER,
	    .order = VTD_WHOLE_SPACE),
	ROW("2", "device TLB, 2 pages", DTLB_PAGES, .order = 1, .gone = PAGE_AT | PAGE_NEXT),
	ROW("2_behind", "device TLB, 2 pages, the next two", DTLB_PAGES, .page = 2, .order = 1),
	ROW("4", "device TLB, 4 pages", DTLB_PAGES, .order = 2, .gone = PAGE_AT | PAGE_NEXT),
	ROW("8", "device TLB, 8 pages, of which the first read is the fifth", DTLB_PAGES,
	    .order = 3, .gone = PAGE_AT | PAGE_NEXT),
	ROW("8_behind", "device TLB, 8 pages, the next eight", DTLB_PAGES, .page = 4, .order = 3,
	    .gone = PAGE_FAR),
	ROW("16", "device TLB, 16 pages", DTLB_PAGES, .order = 4,
	    .gone = PAGE_AT | PAGE_NEXT | PAGE_FAR),
	ROW("2m", "device TLB, 512 pages", DTLB_PAGES, .order = 9,
	    .gone = PAGE_AT | PAGE_NEXT | PAGE_FAR),
	ROW("1g", "device TLB, 2^18 pages", DTLB_PAGES, .order = 18,
	    .gone = PAGE_AT | PAGE_NEXT | PAGE_FAR),
	ROW("all", "device TLB, all", DTLB_PAGES, .order = VTD_WHOLE_SPACE,
	    .gone = PAGE_AT | PAGE_NEXT | PAGE_FAR),
	/* What was asked for without PASID is of none, not of RID_PASID. */
	ROW("pasid_page", "PASID-based device TLB, S=0, the PASID that the unit has it by",
	    DTLB_OF_PASID),
	ROW("pasid_other", "PASID-based device TLB, all of another PASID", DTLB_OF_PASID,
	    .pasid = ANOTHER, .order = VTD_WHOLE_SPACE),
	ROW("pasid_other_requester", "PASID-based device TLB, all of another requester",
	    DTLB_OF_PASID, .sid = ANOTHER, .order = VTD_WHOLE_SPACE),
	ROW("every_pasid", "PASID-based device TLB, G=1", DTLB_OF_EVERY_PASID),
};
UNIT_TABLE(device_tlbs, unit_device_tlb, "VT-d 6.5.2.5, 6.5.2.6; PCIe 10.3.1, 10.3.8");
