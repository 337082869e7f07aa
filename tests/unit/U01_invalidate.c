/* Pure: U01, which descriptor makes the unit forget what. */
#include "tests/unit/rows.h"

#define ROW(id, sentence, ...)                                                         \
	{                                                                              \
		.row = { "U01." id, sentence, UNIT_READS, NULL }, .scope = __VA_ARGS__ \
	}

static const struct invalidate_row invalidations[] = {
	ROW("nothing", "no descriptor at all", IOTLB_NONE),
	/* What a first stage brought too, whatever its PASID. */
	ROW("iotlb_global", "IOTLB, global", IOTLB_GLOBAL, .gone = PAGE_ALL),
	ROW("iotlb_domain", "IOTLB, this domain", IOTLB_DOMAIN, .gone = PAGE_ALL),
	ROW("iotlb_other_domain", "IOTLB, another domain", IOTLB_DOMAIN, .did = ANOTHER),
	/* The address is a second stage's: of first stages all that the domain has (table 23). */
	ROW("iotlb_pages", "IOTLB, a page of this domain", IOTLB_PAGES, .gone = PAGE_ALL),
	ROW("iotlb_pages_other_domain", "IOTLB, a page of another domain", IOTLB_PAGES,
	    .did = ANOTHER),
	ROW("piotlb_all", "PASID-IOTLB, this PASID", PIOTLB_ALL, .gone = PAGE_ALL),
	ROW("piotlb_all_other_domain", "PASID-IOTLB, this PASID of another domain", PIOTLB_ALL,
	    .did = ANOTHER),
	ROW("piotlb_all_other_pasid", "PASID-IOTLB, another PASID", PIOTLB_ALL, .pasid = ANOTHER),
	ROW("piotlb_page", "PASID-IOTLB, a page", PIOTLB_PAGES, .gone = PAGE_AT),
	ROW("piotlb_page_leaf_only", "PASID-IOTLB, a page, IH=1", PIOTLB_PAGES, .ih = 1,
	    .gone = PAGE_AT),
	ROW("piotlb_page_next", "PASID-IOTLB, the next page", PIOTLB_PAGES, .page = 1,
	    .gone = PAGE_NEXT),
	ROW("piotlb_page_none", "PASID-IOTLB, a page that nobody read", PIOTLB_PAGES, .page = 2),
	ROW("piotlb_page_other_domain", "PASID-IOTLB, a page in another domain", PIOTLB_PAGES,
	    .did = ANOTHER),
	ROW("piotlb_page_other_pasid", "PASID-IOTLB, a page of another PASID", PIOTLB_PAGES,
	    .pasid = ANOTHER),
	ROW("piotlb_2", "PASID-IOTLB, AM=1", PIOTLB_PAGES, .am = 1, .gone = PAGE_AT | PAGE_NEXT),
	ROW("piotlb_4", "PASID-IOTLB, AM=2", PIOTLB_PAGES, .am = 2, .gone = PAGE_AT | PAGE_NEXT),
	ROW("piotlb_8", "PASID-IOTLB, AM=3, of which UNIT_VA is the fifth page", PIOTLB_PAGES,
	    .am = 3, .gone = PAGE_AT | PAGE_NEXT),
	ROW("piotlb_16", "PASID-IOTLB, AM=4", PIOTLB_PAGES, .am = 4,
	    .gone = PAGE_AT | PAGE_NEXT | PAGE_FAR),
	ROW("piotlb_2m", "PASID-IOTLB, AM=9", PIOTLB_PAGES, .am = 9,
	    .gone = PAGE_AT | PAGE_NEXT | PAGE_FAR),
	ROW("piotlb_16m", "PASID-IOTLB, AM=12", PIOTLB_PAGES, .am = 12, .gone = PAGE_ALL),
	ROW("piotlb_in_large", "PASID-IOTLB, a page of a leaf of 2 MiB", PIOTLB_PAGES,
	    .page = UNIT_PAGE_IN_LARGE, .gone = PAGE_LARGE),
	ROW("piotlb_large", "PASID-IOTLB, AM=9, a leaf of 2 MiB", PIOTLB_PAGES,
	    .page = UNIT_PAGE_IN_LARGE, .am = 9, .gone = PAGE_LARGE),
	ROW("context_global", "context cache, global", CC_GLOBAL, .gone = PAGE_AT),
	/* In scalable mode, where they have no domain, as good as global. */
	ROW("context_domain", "context cache, this domain", CC_DOMAIN, .gone = PAGE_AT),
	ROW("context_other_domain", "context cache, another domain", CC_DOMAIN, .did = ANOTHER,
	    .gone = PAGE_AT),
	ROW("context_device", "context cache, this requester", CC_DEVICE, .gone = PAGE_AT),
	ROW("context_other_device", "context cache, another requester", CC_DEVICE, .sid = ANOTHER),
	ROW("context_function_4", "context cache, FM=1, a requester that differs in bit 2",
	    CC_DEVICE, .fm = 1, .gone = PAGE_AT),
	ROW("context_function_6", "context cache, FM=2, in bits 2 and 1", CC_DEVICE, .fm = 2,
	    .gone = PAGE_AT),
	ROW("context_function_7", "context cache, FM=3, in bits 2 to 0", CC_DEVICE, .fm = 3,
	    .gone = PAGE_AT),
	ROW("pasid_global", "PASID cache, global", PC_GLOBAL, .gone = PAGE_AT),
	ROW("pasid_domain", "PASID cache, this domain", PC_DOMAIN, .gone = PAGE_AT),
	ROW("pasid_other_domain", "PASID cache, another domain", PC_DOMAIN, .did = ANOTHER),
	ROW("pasid_pasid", "PASID cache, this PASID", PC_PASID, .gone = PAGE_AT),
	ROW("pasid_other_pasid", "PASID cache, another PASID", PC_PASID, .pasid = ANOTHER),
};
UNIT_TABLE(invalidations, unit_invalidation, "VT-d 6.5.2, 6.2.1 to 6.2.4");
