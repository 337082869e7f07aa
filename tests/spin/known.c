/* What Promela has of tests/ops.h. Scenarios with any other step are refused by the step's name. */
#include "tests/spin/known.h"

/* clang-format off */
static const struct known known[] = {
#define KNOWN(op, arguments, stores, slots, themes, cpu, device) \
	{ #op, arguments, OP_##op, stores, slots, themes, cpu, device }
	KNOWN(load, "po", 0, 0, "tmsi", 6, 0),
	KNOWN(load_mark, "po", 0, 0, "t", 4, 0),
	KNOWN(store, "pso", 1, 0, "tmsi", 8, 0),
	KNOWN(store_once, "pso", 1, 0, "tm", 3, 0),
	KNOWN(fetch, "po", 0, 0, "", 0, 0),
	KNOWN(fault_code, "bo", 0, 0, "m", 2, 0),
	KNOWN(fence, "", 0, 0, "ts", 1, 0),
	KNOWN(copy, "ff", 1, 0, "trsqd", 3, 0),
	KNOWN(compare, "ffo", 0, 0, "r", 1, 0),
	KNOWN(peek, "fo", 0, 0, "trsqd", 3, 0),
	KNOWN(reuse, "f", 2, 0, "rq", 3, 0),
	KNOWN(alloc, "fo", 0, 0, "r", 2, 0),
	KNOWN(store_seen, "bs", 1, 0, "r", 1, 0),
	KNOWN(get, "f", 0, 0, "r", 1, 0),
	KNOWN(put, "fo", 0, 0, "r", 2, 0),
	KNOWN(try_get, "bo", 0, 0, "r", 1, 0),
	KNOWN(ref_wait, "fv", 0, 0, "r", 1, 0),
	KNOWN(put_seen, "bo", 0, 0, "r", 1, 0),
	KNOWN(pte_read, "po", 0, 0, "tr", 4, 0),
	KNOWN(pte_same, "pbo", 0, 0, "r", 1, 0),
	KNOWN(pte_dirty, "po", 0, 0, "m", 3, 0),
	KNOWN(pte_accessed, "po", 0, 0, "m", 2, 0),
	KNOWN(pte_writable, "po", 0, 0, "m", 2, 0),
	KNOWN(pte_clear, "p", 0, 0, "triqd", 6, 0),
	KNOWN(pte_clear_dirty, "po", 0, 0, "m", 2, 0),
	KNOWN(pte_set, "pfr", 1, 0, "tsiqd", 7, 0),
	KNOWN(pte_exchange, "pfr", 0, 0, "t", 2, 0),
	KNOWN(pte_fill, "pbr", 1, 0, "r", 1, 0),
	KNOWN(pte_tag, "pt", 0, 0, "q", 1, 0),
	KNOWN(pte_wrprotect, "p", 0, 0, "tm", 3, 0),
	KNOWN(pte_clean, "p", 0, 0, "m", 3, 0),
	KNOWN(pte_age, "p", 0, 0, "m", 2, 0),
	KNOWN(invlpg, "p", 0, 0, "tm", 3, 0),
	KNOWN(cr3_load, "", 0, 0, "t", 1, 0),
	KNOWN(flush_all, "", 0, 0, "t", 1, 0),
	KNOWN(leave_mm, "", 0, 0, "", 0, 0),
	KNOWN(cpu_flush, "p", 0, 0, "tmi", 6, 0),
	KNOWN(ipi, "p", 0, 0, "i", 3, 0),
	KNOWN(ipi_wait, "", 0, 0, "i", 3, 0),
	KNOWN(broadcast, "p", 0, 0, "ti", 2, 0),
	KNOWN(cli, "", 0, 0, "i", 2, 0),
	KNOWN(sti, "", 1, 0, "i", 3, 0),
	KNOWN(iommu_queue, "p", 0, 1, "qd", 3, 0),
	KNOWN(iommu_wait, "", 0, 0, "qd", 3, 0),
	KNOWN(iommu_flush, "p", 0, 1, "q", 5, 0),
	KNOWN(pasid_queue, "", 0, 1, "q", 1, 0),
	KNOWN(dtlb_queue, "p", 0, 1, "d", 2, 0),
	KNOWN(lock, "l", 0, 0, "s", 2, 0),
	KNOWN(unlock, "l", 1, 0, "s", 3, 0),
	KNOWN(tell, "a", 1, 0, "sq", 4, 3),
	KNOWN(heed, "a", 0, 0, "sq", 2, 2),
	KNOWN(word_set, "wv", 1, 0, "s", 3, 0),
	KNOWN(word_add, "wv", 0, 0, "s", 2, 0),
	KNOWN(word_read, "wo", 0, 0, "s", 3, 0),
	KNOWN(word_same, "wbo", 0, 0, "s", 1, 0),
	KNOWN(word_wait, "wv", 0, 0, "s", 1, 0),
	KNOWN(rcu_start, "", 0, 0, "i", 1, 0),
	KNOWN(rcu_wait, "", 0, 0, "i", 1, 0),
	KNOWN(dma_read, "po", 0, 0, "mq", 0, 8),
	KNOWN(dma_read_mark, "po", 0, 0, "q", 0, 4),
	KNOWN(dma_write, "pso", 0, 0, "mq", 0, 8),
	KNOWN(ats_request, "po", 0, 0, "d", 0, 4),
	KNOWN(ats_request_write, "po", 0, 0, "d", 0, 2),
	KNOWN(ats_read, "po", 0, 0, "d", 0, 4),
	KNOWN(ats_write, "pso", 0, 0, "d", 0, 4),
	KNOWN(page_request, "p", 0, 0, "d", 0, 1),
	KNOWN(page_response, "pc", 0, 0, "d", 1, 0),
	KNOWN(page_wait, "po", 0, 0, "d", 0, 1),
#undef KNOWN
};
/* clang-format on */

const struct known *known_at(unsigned i) { return i < ARRAY_SIZE(known) ? &known[i] : NULL; }

const struct known *known_op(unsigned op)
{
	for (unsigned i = 0; i < ARRAY_SIZE(known); i++)
		if (known[i].op == op)
			return &known[i];
	return NULL;
}
