/* Tables that devices walk, the CPUs' or their own, and the descriptor for a page of them. */
#include "tests/host/played_unit.h"

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
		cmocka_unit_test_setup(page_of_a_space, reset),
		cmocka_unit_test_setup(own_tables, reset),
		cmocka_unit_test_setup(shared_tables, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
