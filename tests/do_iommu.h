#pragma once
#include "tests/self.h"

/* Steps of the IOMMU, of its tables, and of devices (tests/do.h). */

bool do_iommu_queue(struct self *self, u64 place, u64 b, u64 c);
bool do_iommu_queue_leaf(struct self *self, u64 place, u64 b, u64 c);
bool do_iommu_queue_no_drain(struct self *self, u64 place, u64 b, u64 c);
bool do_iommu_queue_block(struct self *self, u64 place, u64 order, u64 c);
bool do_iommu_select(struct self *self, u64 place, u64 scope, u64 c);
bool do_iommu_wait(struct self *self, u64 a, u64 b, u64 c);
bool do_iommu_flush(struct self *self, u64 place, u64 b, u64 c);
bool do_queue_refused(struct self *self, u64 kind, u64 b, u64 c);
bool do_iommu_wait_badly(struct self *self, u64 how, u64 b, u64 c);
bool do_pasid_queue(struct self *self, u64 a, u64 b, u64 c);
bool do_context_queue(struct self *self, u64 a, u64 b, u64 c);
bool do_entry_clear(struct self *self, u64 a, u64 b, u64 c);
bool do_entry_wipe(struct self *self, u64 a, u64 b, u64 c);
bool do_entry_root(struct self *self, u64 place, u64 b, u64 c);
bool do_entry_domain(struct self *self, u64 place, u64 b, u64 c);
bool do_entry_set(struct self *self, u64 a, u64 b, u64 c);
bool do_context_clear(struct self *self, u64 a, u64 b, u64 c);
bool do_context_set(struct self *self, u64 a, u64 b, u64 c);
bool do_dma_read(struct self *self, u64 place, u64 to, u64 c);
bool do_dma_read_mark(struct self *self, u64 place, u64 to, u64 c);
bool do_dma_write(struct self *self, u64 place, u64 symbol, u64 to);
bool do_dtlb_queue_block(struct self *self, u64 place, u64 order, u64 c);
bool do_dtlb_queue(struct self *self, u64 place, u64 b, u64 c);
bool do_ats_request(struct self *self, u64 place, u64 to, u64 c);
bool do_ats_request_write(struct self *self, u64 place, u64 to, u64 c);
bool do_ats_read(struct self *self, u64 place, u64 to, u64 c);
bool do_ats_write(struct self *self, u64 place, u64 symbol, u64 to);
bool do_ats_ask(struct self *self, u64 place, u64 b, u64 c);
bool do_ats_post(struct self *self, u64 place, u64 symbol, u64 to);
bool do_ats_land(struct self *self, u64 a, u64 b, u64 c);
/* No engine sends page requests yet: scenarios that need one are skipped before. */
bool no_such_step(struct self *self);
#define NO_ENGINE_YET(name)                                                  \
	static inline bool do_##name(struct self *self, u64 a, u64 b, u64 c) \
	{                                                                    \
		(void)a, (void)b, (void)c;                                   \
		return no_such_step(self);                                   \
	}
NO_ENGINE_YET(page_request)
NO_ENGINE_YET(page_response)
NO_ENGINE_YET(page_wait)
