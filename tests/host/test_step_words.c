/*
 * What steps of scenarios put into the unit's queue, word by word: QEMU ignores IH and keeps no PASID entries, so that no scenario sees
 * it. Expected words are put together by hand from the manual's figures, with the sum in the comment.
 */
#include "tests/host/played_steps.h"

/* The slot so many before the tail; the upper half of 256 bits is 0. */
#define SLOT_IS(back, w0, w1)                                                                \
	do {                                                                                 \
		const struct vtd_desc d_ = read_slot(&unit.queue, unit.queue.tail - (back)); \
		assert_int_equal(d_.w[0], (w0));                                             \
		assert_int_equal(d_.w[1], (w1));                                             \
		assert_int_equal(d_.w[2] | d_.w[3], 0);                                      \
	} while (0)

/* So many slots are filled, and the unit is told. */
#define FILLS(slots, step, a, b)                                                       \
	do {                                                                           \
		const u32 tail_ = unit.queue.tail;                                     \
		assert_true(do_##step(run.self, (a), (b), 0));                         \
		assert_int_equal(unit.queue.tail, tail_ + (slots));                    \
		assert_int_equal(hw.iqt / (unit.scalable ? 32 : 16), unit.queue.tail); \
		assert_int_equal(troubles | cpu.rescue.uncut | queue_taken, 0);        \
	} while (0)

#define QUEUES(step, a, b, w0, w1)        \
	do {                              \
		FILLS(1, step, (a), (b)); \
		SLOT_IS(1, (w0), (w1));   \
	} while (0)

/* type 5 | SW bit 5 = 0x20 | FN bit 6 = 0x40 | data at 32; skipped slots report 0 in a line of their own */
#define IS_WAIT(back)    SLOT_IS(back, 0x65 | (u64)unit.queue.serial << 32, unit.queue.status_pa.v)
#define IS_SKIPPED(back) SLOT_IS(back, 0x65, unit.queue.status_pa.v + 64)

static void first_stage(void **state)
{
	(void)state;
	machine_of(BY_FIRST);
	/* type 6 | G 3 at 4 = 0x30 | DID 1 at 16 | PASID at 32; second word: address | IH bit 6 = 0x40 | AM */
	QUEUES(iommu_queue, A, 0, 0x1234500010036, 0x40005000);
	QUEUES(iommu_queue_leaf, A, 0, 0x1234500010036, 0x40005040);
	QUEUES(iommu_queue_no_drain, A, 0, 0x1234500010036, 0x40005000);
	QUEUES(iommu_queue_block, A, TABLE_ORDER, 0x1234500010036, 0x40000009);
	/* More than MAMV says, all of the PASID: type 6 | G 2 = 0x20 */
	QUEUES(iommu_queue_block, A, TABLE_ORDER + 1, 0x1234500010026, 0);
	QUEUES(iommu_select, A, OF_PASID, 0x1234500010026, 0);
	/* type 2 | G 2 = 0x20, or 1 = 0x10 | DW bit 6 = 0x40 | DR bit 7 = 0x80 */
	QUEUES(iommu_select, A, OF_DOMAIN, 0x100e2, 0);
	QUEUES(iommu_select, A, OF_ALL, 0xd2, 0);
	/* type 7 | G 1 = 0x10 | DID | PASID */
	QUEUES(pasid_queue, 0, 0, 0x1234500010017, 0);
	/* type 1 | G 3 = 0x30 | DID | SID 0x0113 at 32 */
	QUEUES(context_queue, 0, 0, 0x11300010031, 0);
	/* type 3 | MIP 31 at 16 = 0x1f_0000 | SID at 32; two pages at 0x40004000: S bit 0, bit 12 zero */
	QUEUES(dtlb_queue, A, 0, 0x113001f0003, 0x40005000);
	QUEUES(dtlb_queue_block, A, 1, 0x113001f0003, 0x40004001);
	FILLS(1, iommu_wait, 0, 0);
	IS_WAIT(1);
	FILLS(2, iommu_flush, A, 0);
	SLOT_IS(2, 0x1234500010036, 0x40005000);
	IS_WAIT(1);
	/* B has an address of its own; then a DID and a PASID too; or the mirror's DID. */
	QUEUES(iommu_queue, B, 0, 0x1234500010036, 0x7fff12345000);
	scenario.spaces = TWO_PASIDS;
	QUEUES(iommu_queue, B, 0, 0x1234400050036, 0x7fff12345000);
	QUEUES(iommu_select, B, OF_PASID, 0x1234400050026, 0);
	scenario = (struct scenario){ .entry = true };
	QUEUES(iommu_queue, MIRROR, 0, 0x1234500030036, 0x7fff12345000);
	QUEUES(iommu_select, MIRROR, OF_DOMAIN, 0x300e2, 0);
}

/* Engines walk the mirror. */
static void second_stage(void **state)
{
	(void)state;
	machine_of(BY_SECOND);
	machine.space = machine.mirror.space;
	/* type 2 | G 3 = 0x30 | DW 0x40 | DR 0x80 | DID 3 at 16; second word: address | IH bit 6 = 0x40 | AM */
	QUEUES(iommu_queue, A, 0, 0x300f2, 0x40005000);
	QUEUES(iommu_queue_leaf, A, 0, 0x300f2, 0x40005040);
	QUEUES(iommu_queue_no_drain, A, 0, 0x30032, 0x40005000);
	QUEUES(iommu_queue_block, A, TABLE_ORDER, 0x300f2, 0x40000009);
	QUEUES(iommu_queue_block, A, TABLE_ORDER + 1, 0x300e2, 0);
	QUEUES(iommu_select, A, OF_PASID, 0x300e2, 0);
	QUEUES(iommu_select, A, OF_ALL, 0xd2, 0);
	/* type 7 | G 1 = 0x10 | DID | PASID */
	QUEUES(pasid_queue, 0, 0, 0x1234500030017, 0);
	QUEUES(context_queue, 0, 0, 0x11300030031, 0);
	FILLS(2, iommu_flush, A, 0);
	SLOT_IS(2, 0x300f2, 0x40005000);
}

/* In caching mode who makes an entry of the mirror present invalidates, unless the scenario is about that. */
static void made_present(void **state)
{
	bool tells;
	u64 pte;

	(void)state;
	machine_of(BY_SECOND);
	machine.space = machine.mirror.space;
	run.self->pte[MIRROR] = &pte;
	for (unsigned way = 0; way < 16; way++) {
		const bool was = way & 1, is = way >> 1 & 1, absence = way >> 2 & 1;
		const u32 tail = unit.queue.tail;

		machine.caches_absent = way >> 3;
		scenario.absence = absence;
		pte = is;
		assert_true(mirror_made_present(run.self, was));
		tells = machine.caches_absent && !absence && !was && is;
		assert_int_equal(unit.queue.tail, tail + (tells ? 2 : 0));
		if (tells)
			SLOT_IS(2, 0x300f2, 0x7fff12345000);
	}
}

/* No PASIDs, slots of 128 bits; what a PASID entry would have is in the context entry. */
static void legacy(void **state)
{
	(void)state;
	machine_of(BY_LEGACY);
	/* type 2 | G | DW 0x40 | DR 0x80 | DID 1; 5 for who is apart */
	QUEUES(iommu_queue, A, 0, 0x100f2, 0x40005000);
	QUEUES(iommu_queue_leaf, A, 0, 0x100f2, 0x40005040);
	QUEUES(iommu_queue_no_drain, A, 0, 0x10032, 0x40005000);
	QUEUES(iommu_queue_block, A, TABLE_ORDER, 0x100f2, 0x40000009);
	QUEUES(iommu_select, A, OF_PASID, 0x100e2, 0);
	/* type 1 | G 2 = 0x20, or 3 = 0x30 and SID | DID */
	QUEUES(pasid_queue, 0, 0, 0x10021, 0);
	QUEUES(context_queue, 0, 0, 0x11300010031, 0);
	FILLS(2, iommu_flush, A, 0);
	SLOT_IS(2, 0x100f2, 0x40005000);
	scenario.spaces = TWO_DOMAINS;
	QUEUES(iommu_queue, B, 0, 0x500f2, 0x7fff12345000);
}

/* Whoever waits finds a wait in the place of each: it reports in a line of its own. */
static void refused(void **state)
{
	(void)state;
	for (enum way way = BY_FIRST; way <= BY_LEGACY; way++) {
		machine_of(way);
		/* type 2 | G 2 = 0x20 | DID 2; with type 15; G 0; bit 15 = 0x8000; G 3 and AM 9 + 1; 0 behind it */
		QUEUES(queue_refused, BAD_TYPE, 0, 0x2002f, 0);
		FILLS(1, iommu_wait, 0, 0);
		IS_SKIPPED(2);
		IS_WAIT(1);
		QUEUES(queue_refused, BAD_GRANULARITY, 0, 0x20002, 0);
		QUEUES(queue_refused, BAD_RESERVED, 0, 0x28022, 0);
		QUEUES(queue_refused, BAD_SIZE, 0, 0x20032, 10);
		FILLS(2, queue_refused, BAD_WIDTH, 0);
		SLOT_IS(2, 0x20022, 0);
		SLOT_IS(1, 0, 0);
		/* Who gives up takes nothing out, who discards takes all from there on. */
		FILLS(1, iommu_wait_badly, GIVE_UP, 0);
		SLOT_IS(2, 0, 0);
		IS_WAIT(1);
		FILLS(1, iommu_wait_badly, DISCARD, 0);
		SLOT_IS(4, 0x20022, 0);
		for (u32 back = 1; back <= 3; back++)
			IS_SKIPPED(back);
		FILLS(1, iommu_wait, 0, 0);
		assert_string_equal(last_note, "");
		/* Nobody is there who would not answer. */
		assert_true(do_queue_refused(run.self, NO_ANSWER, 0, 0));
		assert_int_equal(troubles, 1);
	}
}

/* What the unit does not take any more is trouble, by whatever step. */
static void stuck(void **state)
{
	static bool (*const steps[])(struct self *, u64, u64, u64) = {
		do_iommu_queue,  do_iommu_queue_leaf, do_iommu_queue_no_drain, do_iommu_queue_block,
		do_iommu_select, do_iommu_wait,       do_queue_refused,        do_iommu_flush,
		do_pasid_queue,  do_context_queue,    do_dtlb_queue,
	};

	(void)state;
	machine_of(BY_FIRST);
	unit.queue.alive = false;
	for (unsigned i = 0; i < ARRAY_SIZE(steps); i++) {
		assert_true(steps[i](run.self, 0, 0, 0));
		assert_int_equal(troubles, i + 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_stage),  cmocka_unit_test(second_stage),
		cmocka_unit_test(made_present), cmocka_unit_test(legacy),
		cmocka_unit_test(refused),      cmocka_unit_test(stuck),
	};

	return cmocka_run_group_tests(tests, has_cpu, NULL);
}
