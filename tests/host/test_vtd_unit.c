#include "tests/host/played_vtd.h"

/* The code under test, built here because what it touches is played here. */
#include "iommu/vtd_cache.c"
#include "iommu/vtd_domain.c"
#include "iommu/vtd_fault.c"
#include "iommu/vtd_legacy.c"
#include "iommu/vtd_probe.c"
#include "iommu/vtd_publish.c"
#include "iommu/vtd_queue.c"
#include "iommu/vtd_queue_life.c"
#include "iommu/vtd_report.c"
#include "iommu/vtd_table.c"
#include "iommu/vtd_unit.c"

/* CAP: ND 6, FRO, PMR regions; ECAP: QI, SMTS, FSTS. */
static const u64 CAP = 6 | (u64)FRO << 24 | 1 << 5, ECAP = 1 << 1 | 1ull << 43 | 1ull << 47;
static const u64 COHERENT = 1 | 1ull << 48;
/* The same without first stage, but a second of 3 and 4 levels, in scalable mode and without it. */
static const u64 SAGAW = 6 << 8, SECOND = 1 << 1 | 1ull << 43 | 1ull << 46, LEGACY = 1 << 1;
static struct vtd_unit unit;
static const struct vtd_space somewhere = { VTD_FIRST_STAGE, 4, { 0x1000 }, 7 };

static int reset(void **state)
{
	(void)state;
	memset(&hw, 0, sizeof hw);
	memset(taken, 0, sizeof taken);
	hw.cap = CAP;
	hw.ecap = ECAP | COHERENT;
	timeouts = 0;
	watched = 0;
	expected_levels = 0;
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

/* In RAM, say, or with fault records beyond what the CPU can address: device_map() says so. */
static void nowhere(void **state)
{
	(void)state;
	hw.mappable = 1;
	assert_false(vtd_probe(&unit, 0, 0, (struct pa){ 0xfed90000 }, WINDOW));
	hw.mappable = PAGE_SIZE;
	hw.cap |= 0x3ffull << 24;
	assert_false(vtd_probe(&unit, 0, 0, (struct pa){ 0xfed90000 }, WINDOW));
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
	static const struct {
		u64 cap, ecap;
		const char *lacks;
		unsigned stage, levels;
	} units[] = {
		{ CAP, ECAP, NULL, 1, 0 },
		{ CAP | SAGAW | 1 << 7 | 1 << 4, ECAP, NULL, 1, 4 },
		{ CAP | SAGAW, SECOND, NULL, 2, 4 },
		{ CAP | 2 << 8, SECOND, NULL, 2, 3 },
		{ CAP | SAGAW, LEGACY, NULL, 2, 4 },
		{ CAP | 2 << 8, LEGACY | 1ull << 47, NULL, 2, 3 },
		{ CAP | SAGAW, 0, "queued invalidation", 2, 4 },
		{ CAP | SAGAW, 1 << 1 | 1ull << 43, "translation by tables of 3 or 4 levels", 2,
		  4 },
		{ CAP | 8 << 8, LEGACY, "translation by tables of 3 or 4 levels", 2, 0 },
		{ CAP | SAGAW | 1 << 7, LEGACY, NULL, 2, 4 },
		{ CAP | SAGAW | 1 << 4, SECOND,
		  "first-stage translation, or no write buffer to flush", 2, 4 },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(units); i++) {
		hw.cap = units[i].cap;
		hw.ecap = units[i].ecap;
		probe();
		if (units[i].lacks)
			assert_string_equal(vtd_lacks(&unit), units[i].lacks);
		else
			assert_null(vtd_lacks(&unit));
		assert_int_equal(vtd_shared_stage(&unit), units[i].stage);
		assert_int_equal(vtd_second_levels(&unit), units[i].levels);
	}
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
	assert_true(vtd_translates(&unit));
	assert_true(vtd_take_over(&unit));
	assert_false(vtd_translates(&unit));
	assert_string_equal(hw.log, "TE- IRE- QIE- ");
	assert_int_equal(hw.fsts, 0);
	assert_int_equal(hw.top >> 31, 0);
	assert_int_equal(hw.fectl, 1u << 31);
	assert_int_equal(hw.iectl, 1u << 31);
	assert_int_equal(timeouts, 0);
}

/* One that is old: it has no registers of a queue. */
static void take_over_without_queue(void **state)
{
	(void)state;
	hw.ecap = 0;
	hw.gsts = 1u << 31;
	hw.fsts = 1; /* PFO */
	probe();
	assert_true(vtd_take_over(&unit));
	assert_string_equal(hw.log, "TE- ");
	assert_int_equal(hw.fsts, 0);
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
	assert_string_equal(hw.log, "SRTP+ QIE+ c w P w i w ");
	assert_true(vtd_attach(&unit, 0x20, 0, VTD_NO_ATS, &r));
	assert_int_equal(vtd_pasid_set(&r, 0, &somewhere), VTD_OK);
	assert_true(vtd_translation_on(&unit));
	assert_string_equal(hw.log, "SRTP+ QIE+ c w P w i w TE+ PMEN ");
	hw.log[0] = 0;
	assert_int_equal(
		vtd_iotlb_page(&unit, &somewhere, 0, (struct iova){ 0x5000 }, VTD_LEAF_ONLY),
		VTD_OK);
	assert_string_equal(hw.log, "p w ");
	hw.log[0] = 0;
	assert_int_equal(vtd_detach(&r), VTD_OK);
	assert_true(vtd_stop(&unit));
	assert_string_equal(hw.log, "c w P w i w TE- c w P w i w w QIE- ");
	assert_int_equal(frames_taken(), 0);
	assert_int_equal(timeouts, 0);
}

static void write_buffer_and_caching_mode(void **state)
{
	struct vtd_requester r = { 0 };

	(void)state;
	hw.cap |= 1 << 4; /* RWBF */
	start();
	assert_true(vtd_attach(&unit, 0x20, 0, VTD_NO_ATS, &r));
	assert_int_equal(vtd_pasid_set(&r, 0, &somewhere), VTD_OK);
	assert_string_equal(hw.log, "WBF+ WBF+ ");
	reset(NULL);
	hw.cap |= 1 << 7; /* CM */
	start();
	assert_true(vtd_attach(&unit, 0x20, 0, VTD_NO_ATS, &r));
	assert_string_equal(hw.log, "c w P w i w ");
	hw.log[0] = 0;
	assert_int_equal(vtd_pasid_set(&r, 0, &somewhere), VTD_OK);
	assert_string_equal(hw.log, "P w p w ");
}

/* At every store, and every flushed line, the unit finds no way or the whole of it. */
static void every_moment(bool no_snoop, u64 ecap, unsigned levels, const char *forgotten)
{
	const struct vtd_space space = {
		levels ? VTD_SECOND_STAGE : VTD_FIRST_STAGE, levels ? levels : 4, { 0x123000 }, 7
	};
	struct vtd_requester r = { 0 };

	reset(NULL);
	hw.no_snoop = no_snoop;
	hw.ecap = no_snoop ? ecap : ecap | COHERENT;
	watched = 0x01a8; /* bus 1, upper half */
	expected_root = space.root.v;
	expected_levels = levels;
	start();
	for (unsigned round = 0; round < 2; round++) {
		assert_true(vtd_attach(&unit, watched, 0, VTD_NO_ATS, &r));
		assert_false(walk_now());
		assert_int_equal(vtd_pasid_set(&r, 0, &space), VTD_OK);
		assert_true(walk_now());
		assert_int_equal(vtd_pasid_set(&r, 0, &somewhere), VTD_REFUSED);
		hw.log[0] = 0;
		forget_sees_nothing = true;
		assert_int_equal(vtd_pasid_clear(&r, 0), VTD_OK);
		forget_sees_nothing = false;
		assert_string_equal(hw.log, forgotten);
		assert_int_equal(vtd_pasid_set(&r, 0, &space), VTD_OK);
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
	every_moment(false, ECAP, 0, "c w P w p w ");
	every_moment(false, SECOND, 4, "c w P w i w ");
	every_moment(false, LEGACY, 3, "c w i w ");
}

static void walks_that_do_not_snoop(void **state)
{
	(void)state;
	every_moment(true, ECAP, 0, "c w P w p w ");
	every_moment(true, SECOND, 3, "c w P w i w ");
	every_moment(true, LEGACY, 4, "c w i w ");
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
	assert_int_equal(vtd_queue_put(&unit, &bad), VTD_OK);
	assert_int_equal(vtd_queue_wait(&unit), VTD_REFUSED);
	assert_int_equal(vtd_queue_wait(&unit), VTD_OK);
	assert_int_equal(hw.fsts, 0);
	/* somebody else's error does not keep frames */
	assert_int_equal(vtd_queue_put(&unit, &bad), VTD_OK);
	assert_true(vtd_stop(&unit));
	assert_int_equal(frames_taken(), 0);
	assert_int_equal(timeouts, 0);
}

static void refused_on_purpose(void **state)
{
	(void)state;
	start();
	/* Taken out without a word; what is behind it is executed, once. */
	assert_int_equal(vtd_queue_put_refused(&unit, &bad), VTD_OK);
	assert_int_equal(vtd_queue_submit(&unit, &page, 1), VTD_OK);
	assert_string_equal(hw.log, "? w p w ");
	/* Another is an error as ever. */
	assert_int_equal(vtd_queue_submit(&unit, &bad, 1), VTD_REFUSED);
	hw.log[0] = '\0';
	/* Who gives up leaves it to the next who waits, */
	assert_int_equal(vtd_queue_put_refused(&unit, &bad), VTD_OK);
	assert_int_equal(vtd_queue_put(&unit, &page), VTD_OK);
	assert_false(vtd_queue_wait_briefly(&unit));
	assert_null(strchr(hw.log, 'p'));
	assert_int_equal(vtd_queue_wait(&unit), VTD_OK);
	assert_non_null(strchr(hw.log, 'p'));
	hw.log[0] = '\0';
	/* and who takes out all leaves nothing behind. */
	assert_int_equal(vtd_queue_put_refused(&unit, &bad), VTD_OK);
	assert_int_equal(vtd_queue_put(&unit, &page), VTD_OK);
	assert_false(vtd_queue_wait_briefly(&unit));
	vtd_queue_discard(&unit);
	assert_int_equal(vtd_queue_wait(&unit), VTD_OK);
	assert_null(strchr(hw.log, 'p'));
	assert_true(vtd_queue_wait_briefly(&unit));
	/* What was meant to be refused, and was not, is no excuse for another in its slot. */
	u32 slot = unit.queue.tail;
	assert_int_equal(vtd_queue_put_refused(&unit, &page), VTD_OK);
	do
		assert_int_equal(vtd_queue_wait(&unit), VTD_OK);
	while (unit.queue.tail != slot);
	assert_int_equal(vtd_queue_submit(&unit, &bad, 1), VTD_REFUSED);
	assert_int_equal(hw.fsts, 0);
	assert_int_equal(timeouts, 0);
}

static void silent_device(void **state)
{
	const struct vtd_desc both[] = { devtlb, page };

	(void)state;
	start();
	assert_int_equal(vtd_queue_submit(&unit, &devtlb, 1), VTD_DEVICE_SILENT);
	/* the wait behind it was void, a new one was put */
	assert_string_equal(hw.log, "d w ");
	assert_int_equal(vtd_queue_wait(&unit), VTD_OK);
	/* What is for others is done by then, and who asked learns that a device has not answered. */
	hw.log[0] = '\0';
	assert_int_equal(vtd_queue_submit(&unit, both, 2), VTD_DEVICE_SILENT);
	assert_string_equal(hw.log, "d p w ");
	assert_non_null(strstr(last_note, "slot="));
	/* Where nothing was fetched the wait is not void, and one more does no harm. */
	hw.one_by_one = true;
	hw.log[0] = '\0';
	assert_int_equal(vtd_queue_submit(&unit, both, 2), VTD_DEVICE_SILENT);
	assert_string_equal(hw.log, "d p w w ");
	assert_int_equal(vtd_queue_wait(&unit), VTD_OK);
	assert_int_equal(timeouts, 0);
}

/* Who puts and does not wait must not have to wait for the unit to hear of it. */
static void put_is_seen_at_once(void **state)
{
	(void)state;
	start();
	assert_int_equal(vtd_queue_put(&unit, &page), VTD_OK);
	assert_string_equal(hw.log, "p ");
}

static void full_ring(void **state)
{
	static struct vtd_desc many[3 * 128];

	(void)state;
	start();
	for (unsigned i = 0; i < ARRAY_SIZE(many); i++)
		many[i] = page;
	for (unsigned i = 0; i < 300; i++)
		assert_int_equal(vtd_queue_put(&unit, &page), VTD_OK);
	assert_int_equal(vtd_queue_submit(&unit, many, ARRAY_SIZE(many)), VTD_OK);
	many[5] = many[200] = bad;
	for (unsigned i = 0; i < ARRAY_SIZE(many); i++)
		assert_int_equal(vtd_queue_put(&unit, &many[i]), VTD_OK);
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
	assert_string_equal(last_timeout, "the invalidations before wait 4, vtd0");
	/* dead: at once, without another deadline */
	assert_int_equal(vtd_queue_put(&unit, &page), VTD_STUCK);
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
	assert_false(vtd_attach(&unit, 0x20, 1 << 20, VTD_NO_ATS, &r));
	assert_true(vtd_attach(&unit, 0x20, 0, VTD_NO_ATS, &r));
	assert_false(vtd_attach(&unit, 0x20, 0, VTD_NO_ATS, &again));
	assert_int_equal(vtd_detach(&again), VTD_OK);
	assert_int_equal(vtd_pasid_set(&r, 0x2000, &somewhere), VTD_REFUSED);
	assert_int_equal(vtd_pasid_set(&r, 0, &(struct vtd_space){ .stage = VTD_FIRST_STAGE }),
			 VTD_REFUSED);
	assert_int_equal(vtd_domain_ids(&unit), 65536);
	assert_int_equal(vtd_detach(&r), VTD_OK);
	/* the widest: 2^14 directory entries of 8 bytes are 32 frames */
	assert_true(vtd_attach(&unit, 0x20, (1 << 20) - 1, VTD_NO_ATS, &r));
	assert_int_equal(vtd_pasid_set(&r, (1 << 20) - 1, &somewhere), VTD_OK);
	assert_int_equal(vtd_detach(&r), VTD_OK);
	assert_true(vtd_stop(&unit));
	assert_int_equal(frames_taken(), 0);
}

/* Without scalable mode: slots of 128 bits, twice as many, and no descriptor that names a PASID. */
static void legacy_life(void **state)
{
	const struct vtd_space s = { VTD_SECOND_STAGE, 3, { 0x1000 }, 7 };
	struct vtd_requester r = { 0 }, again = { 0 };

	(void)state;
	hw.cap = CAP | SAGAW | 1ull << 39;
	hw.ecap = LEGACY;
	probe();
	assert_true(vtd_start(&unit));
	assert_string_equal(hw.log, "SRTP+ QIE+ c w i w ");
	assert_true(vtd_attach(&unit, 0x20, 0, VTD_NO_ATS, &r));
	assert_int_equal(vtd_pasid_set(&r, 1, &s), VTD_REFUSED);
	assert_int_equal(vtd_pasid_set(&r, 0, &s), VTD_OK);
	assert_int_equal(vtd_pasid_set(&r, 0, &s), VTD_REFUSED);
	assert_false(vtd_attach(&unit, 0x20, 0, VTD_NO_ATS, &again));
	hw.log[0] = 0;
	for (unsigned i = 0; i < 1000; i++)
		assert_int_equal(
			vtd_iotlb_page(&unit, &s, 0, (struct iova){ 0x5000 }, VTD_LEAF_ONLY),
			VTD_OK);
	assert_int_equal(unit.queue.slots, 256);
	hw.log[0] = 0;
	assert_int_equal(vtd_queue_submit(&unit, &bad, 1), VTD_REFUSED);
	assert_string_equal(hw.log, "? w w ");
	hw.log[0] = 0;
	assert_int_equal(vtd_detach(&r), VTD_OK);
	assert_true(vtd_stop(&unit));
	assert_string_equal(hw.log, "c w i w c w i w w QIE- ");
	assert_int_equal(frames_taken(), 0);
	assert_int_equal(timeouts, 0);
}

/* One page: by its PASID in a first stage; by its domain in a second, all of it where a unit knows no pages. */
static void page_of_a_space(void **state)
{
	struct vtd_space s = somewhere;

	(void)state;
	hw.cap = CAP | 1ull << 39 | 3ull << 54; /* PSI, DRD, DWD */
	probe();
	struct vtd_desc d = vtd_page_of(&unit, &s, 5, 0x1234567, VTD_LEAF_ONLY);
	/* type 6, G 3, DID 7, PASID 5; address and IH */
	assert_int_equal(d.w[0], 6 | 3 << 4 | 7 << 16 | 5ull << 32);
	assert_int_equal(d.w[1], 0x1234000 | 1 << 6);
	s.stage = VTD_SECOND_STAGE;
	d = vtd_page_of(&unit, &s, 5, 0x1234567, VTD_LEAF_ONLY);
	/* type 2, G 3, DW, DR, DID 7 */
	assert_int_equal(d.w[0], 2 | 3 << 4 | 3 << 6 | 7 << 16);
	assert_int_equal(d.w[1], 0x1234000 | 1 << 6);
	hw.cap = CAP;
	probe();
	d = vtd_page_of(&unit, &s, 5, 0x1234567, VTD_LEAF_ONLY);
	assert_int_equal(d.w[0], 2 | 2 << 4 | 7 << 16);
	assert_int_equal(d.w[1], 0);
}

/* A table that software keeps: a reader of the formats, without our code, finds the leaf in every kind. */
static void own_tables(void **state)
{
	static const struct {
		u64 cap, ecap;
		unsigned stage, levels;
		u64 table, leaf, writable; /* bits beside the address */
	} kinds[] = {
		{ CAP | SAGAW, ECAP, 1, 4, 0x27, 1ull << 63 | 0x25, 1ull << 63 | 0x67 },
		{ CAP | SAGAW, SECOND, 2, 4, 3, 1, 3 },
		{ CAP | 2 << 8, LEGACY, 2, 3, 3, 1, 3 },
		/* Both stages: the second, unless it caches what is absent. */
		{ CAP | SAGAW, ECAP | SECOND, 2, 4, 3, 1, 3 },
		{ CAP | SAGAW | 1 << 7, ECAP | SECOND, 1, 4, 0x27, 1ull << 63 | 0x25,
		  1ull << 63 | 0x67 },
	};
	const u64 va = 0x50a5000, address = 0xffffffffff000;

	(void)state;
	for (unsigned k = 0; k < ARRAY_SIZE(kinds); k++) {
		reset(NULL);
		hw.cap = kinds[k].cap;
		hw.ecap = kinds[k].ecap;
		hw.no_snoop = true;
		probe();
		struct vtd_table t = vtd_table_new(&unit, 9);
		volatile u64 *e = vtd_table_entry(&t, (struct iova){ va });

		assert_int_equal(t.space.did, 9);
		assert_int_equal(t.space.stage, kinds[k].stage);
		assert_int_equal(t.space.levels, kinds[k].levels);
		assert_int_equal(frames_taken(), kinds[k].levels);
		assert_ptr_equal(vtd_table_entry(&t, (struct iova){ va }), e);
		assert_int_equal(frames_taken(), kinds[k].levels);
		const u64 *w = seen(t.space.root.v);
		for (unsigned shift = 12 + 9 * (kinds[k].levels - 1); shift > 12; shift -= 9) {
			u64 entry = w[va >> shift & 511];

			assert_int_equal(entry & ~address, kinds[k].table);
			w = seen(entry & address);
		}
		assert_int_equal(w[va >> 12 & 511], 0);
		assert_int_equal(vtd_table_leaf(&t, (struct pa){ 0x7000 }, false),
				 0x7000 | kinds[k].leaf);
		assert_int_equal(vtd_table_leaf(&t, (struct pa){ 0x7000 }, true),
				 0x7000 | kinds[k].writable);
	}
}

/* The CPUs' tables: the first stage gets all of them, the second only what is below 512 GiB. */
static void shared_tables(void **state)
{
	const struct pa pml4 = { 0x111000 }, lowest = { 0x222000 };
	struct vtd_space s;

	(void)state;
	probe();
	s = vtd_shared_space(&unit, pml4, lowest, 1);
	assert_int_equal(s.stage, 1);
	assert_int_equal(s.root.v, pml4.v);
	hw.cap = CAP | 2 << 8;
	hw.ecap = LEGACY;
	probe();
	s = vtd_shared_space(&unit, pml4, lowest, 1);
	assert_int_equal(s.stage, 2);
	assert_int_equal(s.levels, 3);
	assert_int_equal(s.root.v, lowest.v);
	assert_int_equal(frames_taken(), 0);
	hw.cap = CAP | SAGAW;
	hw.ecap = SECOND;
	hw.no_snoop = true;
	probe();
	s = vtd_shared_space(&unit, pml4, lowest, 1);
	assert_int_equal(s.levels, 4);
	assert_int_equal(frames_taken(), 1);
	const u64 *top = seen(s.root.v);
	assert_int_equal(top[0], lowest.v | 3);
	for (unsigned i = 1; i < 512; i++)
		assert_int_equal(top[i], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(nobody_there, reset),
		cmocka_unit_test_setup(nowhere, reset),
		cmocka_unit_test_setup(deaf_unit, reset),
		cmocka_unit_test_setup(what_it_lacks, reset),
		cmocka_unit_test_setup(take_over, reset),
		cmocka_unit_test_setup(take_over_without_queue, reset),
		cmocka_unit_test_setup(life, reset),
		cmocka_unit_test_setup(write_buffer_and_caching_mode, reset),
		cmocka_unit_test_setup(snooping_walks, reset),
		cmocka_unit_test_setup(walks_that_do_not_snoop, reset),
		cmocka_unit_test_setup(refused_descriptors, reset),
		cmocka_unit_test_setup(refused_on_purpose, reset),
		cmocka_unit_test_setup(silent_device, reset),
		cmocka_unit_test_setup(put_is_seen_at_once, reset),
		cmocka_unit_test_setup(full_ring, reset),
		cmocka_unit_test_setup(stuck_queue, reset),
		cmocka_unit_test_setup(fault_records, reset),
		cmocka_unit_test_setup(numbers_out_of_range, reset),
		cmocka_unit_test_setup(legacy_life, reset),
		cmocka_unit_test_setup(page_of_a_space, reset),
		cmocka_unit_test_setup(own_tables, reset),
		cmocka_unit_test_setup(shared_tables, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
