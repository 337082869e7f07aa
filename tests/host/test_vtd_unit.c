#include "tests/host/played_vtd.h"

/* The code under test, built here because what it touches is played here. */
#include "iommu/vtd_cache.c"
#include "iommu/vtd_domain.c"
#include "iommu/vtd_fault.c"
#include "iommu/vtd_probe.c"
#include "iommu/vtd_queue.c"
#include "iommu/vtd_report.c"
#include "iommu/vtd_unit.c"

/* CAP: ND 6, FRO, PMR regions; ECAP: QI, SMTS, FSTS. */
static const u64 CAP = 6 | (u64)FRO << 24 | 1 << 5, ECAP = 1 << 1 | 1ull << 43 | 1ull << 47;
static const u64 COHERENT = 1 | 1ull << 48;
static struct vtd_unit unit;

static int reset(void **state)
{
	(void)state;
	memset(&hw, 0, sizeof hw);
	memset(taken, 0, sizeof taken);
	hw.cap = CAP;
	hw.ecap = ECAP | COHERENT;
	timeouts = 0;
	watched = 0;
	last_note[0] = last_timeout[0] = 0;
	return 0;
}

static void probe(void) { assert_true(vtd_probe(&unit, 0, 0, (struct pa){ 0xfed90000 }, WINDOW)); }

static void start(void)
{
	probe();
	assert_true(vtd_start(&unit));
	hw.log[0] = 0;
}

static void nobody_there(void **state)
{
	(void)state;
	hw.absent = true;
	assert_false(vtd_probe(&unit, 3, 0, (struct pa){ 0xfed90000 }, WINDOW));
	assert_non_null(strstr(last_note, "vtd3 at 0xfed90000 does not answer"));
}

static void deaf_unit(void **state)
{
	(void)state;
	hw.deaf = true;
	hw.gsts = 1u << 31;
	probe();
	assert_false(vtd_take_over(&unit));
	assert_int_equal(timeouts, 1);
	assert_string_equal(last_timeout, "GSTS to show 0x80000000 TE off, vtd0");
	hw.gsts = 0;
	assert_false(vtd_start(&unit));
	assert_int_equal(frames_taken(), 0);
}

static void what_it_lacks(void **state)
{
	(void)state;
	hw.ecap = 1 << 1 | 1ull << 43;
	probe();
	assert_string_equal(vtd_lacks(&unit), "first-stage translation");
	hw.ecap = 1 << 1;
	probe();
	assert_string_equal(vtd_lacks(&unit), "scalable mode");
	hw.ecap = ECAP;
	probe();
	assert_null(vtd_lacks(&unit));
}

/*
 * Firmware left everything on, with a fault recorded and its queue stopped by an error it can
 * leave.
 */
static void take_over(void **state)
{
	(void)state;
	hw.gsts = 1u << 31 | 1u << 30 | 1u << 26 | 1u << 25 | 1u << 24;
	hw.fsts = 0x41; /* ITE, PFO */
	hw.top = 1u << 31 | 0x71;
	hw.iqt = hw.iqh = 0x40;
	probe();
	assert_true(vtd_take_over(&unit));
	assert_string_equal(hw.log, "TE- IRE- QIE- ");
	assert_int_equal(hw.fsts, 0);
	assert_int_equal(hw.top >> 31, 0);
	assert_int_equal(hw.fectl, 1u << 31);
	assert_int_equal(hw.iectl, 1u << 31);
	assert_int_equal(timeouts, 0);
}

static void life(void **state)
{
	struct vtd_requester r = { 0 };

	(void)state;
	hw.pmen = 1u << 31;
	probe();
	assert_true(vtd_take_over(&unit));
	assert_true(vtd_start(&unit));
	/*
	 * context cache, PASID cache, IOTLB, wait; then translation, and protected memory behind it
	 */
	assert_string_equal(hw.log, "SRTP+ QIE+ c P i w ");
	assert_true(vtd_attach(&unit, 0x20, 0, &r));
	assert_int_equal(vtd_pasid_set(&r, 0, 7, (struct pa){ 0x1000 }), VTD_OK);
	assert_true(vtd_translation_on(&unit));
	assert_string_equal(hw.log, "SRTP+ QIE+ c P i w TE+ PMEN ");
	hw.log[0] = 0;
	assert_int_equal(vtd_iotlb_page(&unit, 7, 0, (struct iova){ 0x5000 }, VTD_LEAF_ONLY),
			 VTD_OK);
	assert_string_equal(hw.log, "p w ");
	hw.log[0] = 0;
	assert_int_equal(vtd_detach(&r), VTD_OK);
	assert_true(vtd_stop(&unit));
	assert_string_equal(hw.log, "c P i w TE- c P i w w QIE- ");
	assert_int_equal(frames_taken(), 0);
	assert_int_equal(timeouts, 0);
}

static void write_buffer_and_caching_mode(void **state)
{
	struct vtd_requester r = { 0 };

	(void)state;
	hw.cap |= 1 << 4; /* RWBF */
	start();
	assert_true(vtd_attach(&unit, 0x20, 0, &r));
	assert_int_equal(vtd_pasid_set(&r, 0, 7, (struct pa){ 0x1000 }), VTD_OK);
	assert_string_equal(hw.log, "WBF+ WBF+ ");
	reset(NULL);
	hw.cap |= 1 << 7; /* CM */
	start();
	assert_true(vtd_attach(&unit, 0x20, 0, &r));
	assert_string_equal(hw.log, "c P i w ");
	hw.log[0] = 0;
	assert_int_equal(vtd_pasid_set(&r, 0, 7, (struct pa){ 0x1000 }), VTD_OK);
	assert_string_equal(hw.log, "P p w ");
}

/* At every store, and every flushed line, the unit finds no way or the whole of it. */
static void every_moment(bool no_snoop)
{
	struct vtd_requester r = { 0 };

	reset(NULL);
	hw.no_snoop = no_snoop;
	if (no_snoop)
		hw.ecap = ECAP;
	watched = 0x01a8; /* bus 1, upper half */
	expected_pml4 = 0x123000;
	start();
	for (unsigned round = 0; round < 2; round++) {
		assert_true(vtd_attach(&unit, watched, 0, &r));
		assert_false(walk_now());
		assert_int_equal(vtd_pasid_set(&r, 0, 7, (struct pa){ expected_pml4 }), VTD_OK);
		assert_true(walk_now());
		assert_int_equal(vtd_pasid_set(&r, 0, 7, (struct pa){ 0x1000 }), VTD_REFUSED);
		hw.log[0] = 0;
		forget_sees_nothing = true;
		assert_int_equal(vtd_pasid_clear(&r, 0), VTD_OK);
		forget_sees_nothing = false;
		assert_string_equal(hw.log, "c P p w ");
		assert_int_equal(vtd_pasid_set(&r, 0, 7, (struct pa){ expected_pml4 }), VTD_OK);
		forget_sees_nothing = true;
		assert_int_equal(vtd_detach(&r), VTD_OK);
		forget_sees_nothing = false;
	}
	assert_true(vtd_stop(&unit));
	assert_int_equal(frames_taken(), 0);
}

static void snooping_walks(void **state)
{
	(void)state;
	every_moment(false);
}

static void walks_that_do_not_snoop(void **state)
{
	(void)state;
	every_moment(true);
}

static const struct vtd_desc bad = { { 15 } }, devtlb = { { 3 } }, page = { { 6 } };

static void refused_descriptors(void **state)
{
	const struct vtd_desc d[] = { page, bad, page, bad, page };

	(void)state;
	start();
	assert_int_equal(vtd_queue_submit(&unit, d, ARRAY_SIZE(d)), VTD_REFUSED);
	/* each refused one was replaced by a wait, everything else was executed once */
	assert_string_equal(hw.log, "p ? w p ? w p w ");
	assert_int_equal(vtd_queue_put(&unit, &bad, 1), VTD_OK);
	assert_int_equal(vtd_queue_wait(&unit), VTD_REFUSED);
	assert_int_equal(vtd_queue_wait(&unit), VTD_OK);
	assert_int_equal(hw.fsts, 0);
	/* somebody else's error does not keep frames */
	assert_int_equal(vtd_queue_put(&unit, &bad, 1), VTD_OK);
	assert_true(vtd_stop(&unit));
	assert_int_equal(frames_taken(), 0);
	assert_int_equal(timeouts, 0);
}

static void silent_device(void **state)
{
	(void)state;
	start();
	assert_int_equal(vtd_queue_submit(&unit, &devtlb, 1), VTD_DEVICE_SILENT);
	/* the wait behind it was void, a new one was put */
	assert_string_equal(hw.log, "d w ");
	assert_int_equal(vtd_queue_wait(&unit), VTD_OK);
	assert_int_equal(timeouts, 0);
}

/* Who puts and does not wait must not have to wait for the unit to hear of it. */
static void put_is_seen_at_once(void **state)
{
	(void)state;
	start();
	assert_int_equal(vtd_queue_put(&unit, &page, 1), VTD_OK);
	assert_string_equal(hw.log, "p ");
}

static void full_ring(void **state)
{
	static struct vtd_desc many[3 * VTD_QUEUE_SLOTS];

	(void)state;
	start();
	for (unsigned i = 0; i < ARRAY_SIZE(many); i++)
		many[i] = page;
	for (unsigned i = 0; i < 300; i++)
		assert_int_equal(vtd_queue_put(&unit, &page, 1), VTD_OK);
	assert_int_equal(vtd_queue_submit(&unit, many, ARRAY_SIZE(many)), VTD_OK);
	many[5] = many[200] = bad;
	assert_int_equal(vtd_queue_put(&unit, many, ARRAY_SIZE(many)), VTD_OK);
	/* told by the next wait, although the ring was emptied in between */
	assert_int_equal(vtd_queue_wait(&unit), VTD_REFUSED);
	assert_int_equal(vtd_queue_wait(&unit), VTD_OK);
}

static void stuck_queue(void **state)
{
	(void)state;
	start();
	hw.mute = true;
	assert_int_equal(vtd_queue_submit(&unit, &page, 1), VTD_STUCK);
	assert_int_equal(timeouts, 1);
	assert_string_equal(last_timeout, "the invalidations before wait 2, vtd0");
	/* dead: at once, without another deadline */
	assert_int_equal(vtd_queue_put(&unit, &page, 1), VTD_STUCK);
	assert_int_equal(vtd_queue_wait(&unit), VTD_STUCK);
	assert_int_equal(timeouts, 1);
	/* what the unit may still read is kept */
	assert_false(vtd_stop(&unit));
	assert_true(frames_taken() > 0);
}

static void fault_records(void **state)
{
	struct vtd_fault f[2];

	(void)state;
	start();
	assert_false(vtd_fault_pending(&unit));
	assert_int_equal(vtd_fault_read(&unit, f, 2), 0);
	hw.top = 1u << 31 | 0x71;
	hw.fsts = 1;
	assert_true(vtd_fault_pending(&unit));
	assert_int_equal(vtd_fault_read(&unit, f, 2), 1);
	assert_int_equal(f[0].reason, 0x71);
	assert_int_equal(f[0].page.v, 0x5000);
	assert_int_equal(f[0].sid, 0x20);
	vtd_fault_clear(&unit);
	assert_false(vtd_fault_pending(&unit));
	assert_int_equal(hw.fsts, 0);
}

static void numbers_out_of_range(void **state)
{
	struct vtd_requester r = { 0 }, again = { 0 };

	(void)state;
	start();
	assert_false(vtd_attach(&unit, 0x20, 1 << 20, &r));
	assert_true(vtd_attach(&unit, 0x20, 0, &r));
	assert_false(vtd_attach(&unit, 0x20, 0, &again));
	assert_int_equal(vtd_detach(&again), VTD_OK);
	assert_int_equal(vtd_pasid_set(&r, 0x2000, 1, (struct pa){ 0 }), VTD_REFUSED);
	assert_int_equal(vtd_pasid_set(&r, 0, 0, (struct pa){ 0 }), VTD_REFUSED);
	assert_int_equal(vtd_domain_ids(&unit), 65536);
	assert_int_equal(vtd_detach(&r), VTD_OK);
	/* the widest: 2^14 directory entries of 8 bytes are 32 frames */
	assert_true(vtd_attach(&unit, 0x20, (1 << 20) - 1, &r));
	assert_int_equal(vtd_pasid_set(&r, (1 << 20) - 1, 1, (struct pa){ 0 }), VTD_OK);
	assert_int_equal(vtd_detach(&r), VTD_OK);
	assert_true(vtd_stop(&unit));
	assert_int_equal(frames_taken(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(nobody_there, reset),
		cmocka_unit_test_setup(deaf_unit, reset),
		cmocka_unit_test_setup(what_it_lacks, reset),
		cmocka_unit_test_setup(take_over, reset),
		cmocka_unit_test_setup(life, reset),
		cmocka_unit_test_setup(write_buffer_and_caching_mode, reset),
		cmocka_unit_test_setup(snooping_walks, reset),
		cmocka_unit_test_setup(walks_that_do_not_snoop, reset),
		cmocka_unit_test_setup(refused_descriptors, reset),
		cmocka_unit_test_setup(silent_device, reset),
		cmocka_unit_test_setup(put_is_seen_at_once, reset),
		cmocka_unit_test_setup(full_ring, reset),
		cmocka_unit_test_setup(stuck_queue, reset),
		cmocka_unit_test_setup(fault_records, reset),
		cmocka_unit_test_setup(numbers_out_of_range, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
