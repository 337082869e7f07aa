/* What Promela has of tests/ops.h. Scenarios with any other step are refused by the step's name. */
#include "tests/spin/known.h"

/* clang-format off */
static const struct known known[] = {
#define KNOWN(op, stores, slots) { OP_##op, stores, slots }
	KNOWN(load, 0, 0),
	KNOWN(load_mark, 0, 0),
	KNOWN(store, 1, 0),
	KNOWN(fence, 0, 0),
	KNOWN(copy, 1, 0),
	KNOWN(compare, 0, 0),
	KNOWN(peek, 0, 0),
	KNOWN(reuse, 2, 0),
	KNOWN(alloc, 0, 0),
	KNOWN(store_seen, 1, 0),
	KNOWN(get, 0, 0),
	KNOWN(put, 0, 0),
	KNOWN(try_get, 0, 0),
	KNOWN(put_seen, 0, 0),
	KNOWN(pte_read, 0, 0),
	KNOWN(pte_same, 0, 0),
	KNOWN(pte_dirty, 0, 0),
	KNOWN(pte_accessed, 0, 0),
	KNOWN(pte_clear, 0, 0),
	KNOWN(pte_clear_dirty, 0, 0),
	KNOWN(pte_set, 1, 0),
	KNOWN(pte_exchange, 0, 0),
	KNOWN(pte_tag, 0, 0),
	KNOWN(pte_wrprotect, 0, 0),
	KNOWN(pte_clean, 0, 0),
	KNOWN(pte_age, 0, 0),
	KNOWN(invlpg, 0, 0),
	KNOWN(cr3_load, 0, 0),
	KNOWN(flush_all, 0, 0),
	KNOWN(cpu_flush, 0, 0),
	KNOWN(ipi, 0, 0),
	KNOWN(ipi_wait, 0, 0),
	KNOWN(broadcast, 0, 0),
	KNOWN(cli, 0, 0),
	KNOWN(sti, 1, 0),
	KNOWN(iommu_queue, 0, 1),
	KNOWN(iommu_wait, 0, 0),
	KNOWN(iommu_flush, 0, 1),
	KNOWN(pasid_queue, 0, 1),
	KNOWN(dtlb_queue, 0, 1),
	KNOWN(lock, 0, 0),
	KNOWN(unlock, 1, 0),
	KNOWN(tell, 1, 0),
	KNOWN(heed, 0, 0),
	KNOWN(word_set, 1, 0),
	KNOWN(word_add, 0, 0),
	KNOWN(word_read, 0, 0),
	KNOWN(word_wait, 0, 0),
	KNOWN(rcu_start, 0, 0),
	KNOWN(rcu_wait, 0, 0),
	KNOWN(dma_read, 0, 0),
	KNOWN(dma_read_mark, 0, 0),
	KNOWN(dma_write, 0, 0),
	KNOWN(ats_request, 0, 0),
	KNOWN(ats_read, 0, 0),
	KNOWN(ats_write, 0, 0),
	KNOWN(page_request, 0, 0),
	KNOWN(page_response, 0, 0),
	KNOWN(page_wait, 0, 0),
#undef KNOWN
};
/* clang-format on */

const struct known *known_op(unsigned op)
{
	for (unsigned i = 0; i < ARRAY_SIZE(known); i++)
		if (known[i].op == op)
			return &known[i];
	return NULL;
}
