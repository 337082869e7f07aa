/* One page of one PASID out of the IOTLB, and the wait for it. */
#include "iommu/vtd_unit.h"
#include "tests/bench/measure.h"
#include "tests/machine.h"
#include "tests/run.h"

static bool one_call(void *unit, u64 times)
{
	bool ok = true;

	while (times--)
		ok &= vtd_iotlb_page(unit, &machine.space, machine.pasid,
				     (struct iova){ run_place_va(A).v }, VTD_LEAF_ONLY) == VTD_OK;
	return ok;
}

static bool two_steps(void *unit, u64 times)
{
	const struct machine_page page = { .va = run_place_va(A).v };
	bool ok = true;

	(void)unit;
	while (times--)
		ok &= machine_queue_pages(page, 0, VTD_LEAF_ONLY) && machine_queue_wait();
	return ok;
}

/*
 * Descriptors made beforehand, stores to the ring and the tail, a look at the status word: nothing else.
 * No room is needed but for two, because all is complete when a round begins.
 */
static bool bare(struct vtd_unit *u, u64 times, bool tail_between)
{
	struct vtd_queue *q = &u->queue;
	const struct vtd_desc page =
		vtd_page_of(u, &machine.space, machine.pasid, run_place_va(A).v, VTD_LEAF_ONLY);
	bool ok = true;

	while (times-- && ok) {
		const struct vtd_desc wait = vtd_wait(q->status_pa, ++q->serial, VTD_WAIT_PLAIN);

		vtd_queue_fill(q, &page);
		if (tail_between)
			vtd_write64(u, VTD_IQT, vtd_queue_tail(q));
		vtd_queue_fill(q, &wait);
		vtd_write64(u, VTD_IQT, vtd_queue_tail(q));
		ok = spin_until(mmio_read32(q->status) == q->serial);
		q->head = q->tail;
	}
	return ok;
}

static bool bare_one(void *unit, u64 times) { return bare(unit, times, false); }
static bool bare_two(void *unit, u64 times) { return bare(unit, times, true); }

void bench_invalidation(void)
{
	const struct measure both[] = {
		{ "iotlb_page", NULL, one_call, bare_one, "two_descriptors_and_tail", 130,
		  machine.unit },
		{ "iotlb_page_in_steps", NULL, two_steps, bare_two, "two_descriptors_two_tails",
		  130, machine.unit },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(both) && machine.unit; i++)
		measure(&both[i]);
}
