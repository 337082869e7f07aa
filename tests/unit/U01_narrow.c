/* Pure: U01, a queue of 128-bit descriptors (IQA.DW=0) in scalable mode, and descriptors that have 256 bits. */
#include "tests/unit/rows.h"

#define ROW(id, sentence, low)                                        \
	{                                                             \
		{ "U01.narrow_" id, sentence, UNIT_READS, NULL }, low \
	}

static const struct narrow_row narrow[] = {
	ROW("cc", "context cache, global: the queue itself is refused", 0x11),
	ROW("piotlb", "PASID-IOTLB, all of a PASID, in half of its bits", 0x26),
	ROW("pc", "PASID cache, global, in half of its bits", 0x37),
	ROW("pdevtlb", "PASID-based device TLB, in half of its bits", 0x08),
};
UNIT_TABLE(narrow, unit_narrow, "VT-d 6.5.2, 11.4 Invalidation Queue Error Record (IQEI 5, 3)");
