/* Pure: profiles, catalogue 9.7. */
#include "tests/model/model.h"

const struct model_profile model_arch = {
	.name = "ARCH",
	.tlb = { .loads = true,
		 .upper_levels = true,
		 .pcid = true,
		 .keeps_global = true,
		 .drops_fault = true,
		 .weak = WEAK_WALKS },
	/* Whether a unit walks again when an entry forbids a write is not said: both (catalogue, doubt a). */
	.iotlb = { .loads = true, .upper_levels = true, .weak = WEAK_EITHER },
	.queue_later = true,
	.walk_in_steps = true,
	.dma_in_flight = true,
	.fractures = true,
	.spurious = true,
	.late_dirty = true,
	.marks_absent = true,
	.pasid_cache = true,
	.caches_absent = true,
	.walks_late = true,
};

/*
 * Read in QEMU's i386 and intel_iommu sources, and measured (catalogue 2.1, 2.2). A soft TLB may lose an entry to
 * another page with the same index, an IOTLB all of them after 1024: the runner tries again with other pages.
 */
const struct model_profile model_qemu_tcg = {
	.name = "QEMU",
	.tlb = { .must_hit = true, .weak = WEAK_WALKS },
	.iotlb = { .must_hit = true, .hides_dirty = true, .weak = WEAK_REFUSES },
	.dtlb = { .must_hit = true },
	.refuses_unrecorded = true,
	.by_requester = true,
	.present_late = true,
	.marks_one = true,
	.marks_late = true,
};
