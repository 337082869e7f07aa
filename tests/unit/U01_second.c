/* Pure: U01, which descriptor makes the unit forget what a second stage brought. */
#include "tests/unit/rows.h"

#define ROW(id, sentence, ...)                                                                 \
	{                                                                                      \
		.row = { "U01.second_" id, sentence ", for a second stage", UNIT_SECOND_READS, \
			 NULL },                                                               \
		.scope = __VA_ARGS__                                                           \
	}

static const struct invalidate_row second_invalidations[] = {
	ROW("nothing", "no descriptor at all", IOTLB_NONE),
	ROW("iotlb_global", "IOTLB, global", IOTLB_GLOBAL, .gone = PAGE_ALL),
	ROW("iotlb_domain", "IOTLB, this domain", IOTLB_DOMAIN, .gone = PAGE_ALL),
	ROW("iotlb_other_domain", "IOTLB, another domain", IOTLB_DOMAIN, .did = ANOTHER),
	ROW("page", "IOTLB, a page", IOTLB_PAGES, .gone = PAGE_AT),
	ROW("page_leaf_only", "IOTLB, a page, IH=1", IOTLB_PAGES, .ih = 1, .gone = PAGE_AT),
	ROW("page_next", "IOTLB, the next page", IOTLB_PAGES, .page = 1, .gone = PAGE_NEXT),
	ROW("page_none", "IOTLB, a page that nobody read", IOTLB_PAGES, .page = 2),
	ROW("page_other_domain", "IOTLB, a page in another domain", IOTLB_PAGES, .did = ANOTHER),
	ROW("2", "IOTLB, AM=1", IOTLB_PAGES, .am = 1, .gone = PAGE_AT | PAGE_NEXT),
	ROW("4", "IOTLB, AM=2", IOTLB_PAGES, .am = 2, .gone = PAGE_AT | PAGE_NEXT),
	ROW("8", "IOTLB, AM=3, of which UNIT_VA is the fifth page", IOTLB_PAGES, .am = 3,
	    .gone = PAGE_AT | PAGE_NEXT),
	ROW("2_behind", "IOTLB, AM=1, the two pages behind those", IOTLB_PAGES, .page = 2, .am = 1),
	ROW("8_behind", "IOTLB, AM=3, the eight pages behind those", IOTLB_PAGES, .page = 4,
	    .am = 3, .gone = PAGE_FAR),
	ROW("8_other_domain", "IOTLB, AM=3 in another domain", IOTLB_PAGES, .am = 3,
	    .did = ANOTHER),
	ROW("16", "IOTLB, AM=4", IOTLB_PAGES, .am = 4, .gone = PAGE_AT | PAGE_NEXT | PAGE_FAR),
	ROW("2m", "IOTLB, AM=9", IOTLB_PAGES, .am = 9, .gone = PAGE_AT | PAGE_NEXT | PAGE_FAR),
	ROW("16m", "IOTLB, AM=12", IOTLB_PAGES, .am = 12, .gone = PAGE_ALL),
	ROW("1g", "IOTLB, AM=18", IOTLB_PAGES, .am = 18, .gone = PAGE_ALL),
	ROW("in_large", "IOTLB, a page of a leaf of 2 MiB", IOTLB_PAGES, .page = UNIT_PAGE_IN_LARGE,
	    .gone = PAGE_LARGE),
	ROW("large", "IOTLB, AM=9, a leaf of 2 MiB", IOTLB_PAGES, .page = UNIT_PAGE_IN_LARGE,
	    .am = 9, .gone = PAGE_LARGE),
	/* All of a PASID is of every stage, its pages are of a first stage's (table 24). */
	ROW("piotlb_all", "PASID-IOTLB, this PASID", PIOTLB_ALL, .gone = PAGE_ALL),
	ROW("piotlb_page", "PASID-IOTLB, a page", PIOTLB_PAGES),
	ROW("piotlb_all_other_domain", "PASID-IOTLB, this PASID of another domain", PIOTLB_ALL,
	    .did = ANOTHER),
	ROW("piotlb_all_other_pasid", "PASID-IOTLB, another PASID", PIOTLB_ALL, .pasid = ANOTHER),
	ROW("pasid_other_domain", "PASID cache, another domain", PC_DOMAIN, .did = ANOTHER),
	ROW("pasid_other_pasid", "PASID cache, another PASID", PC_PASID, .pasid = ANOTHER),
	ROW("context_other_device", "context cache, another requester", CC_DEVICE, .sid = ANOTHER),
	ROW("pasid_global", "PASID cache, global", PC_GLOBAL, .gone = PAGE_AT),
	ROW("pasid_domain", "PASID cache, this domain", PC_DOMAIN, .gone = PAGE_AT),
	ROW("pasid_pasid", "PASID cache, this PASID", PC_PASID, .gone = PAGE_AT),
	ROW("context_global", "context cache, global", CC_GLOBAL, .gone = PAGE_AT),
	ROW("context_device", "context cache, this requester", CC_DEVICE, .gone = PAGE_AT),
};
UNIT_TABLE(second_invalidations, unit_invalidation, "VT-d 6.5.2, 6.2.1 to 6.2.4");
