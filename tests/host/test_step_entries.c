/*
 * What steps of scenarios store in the entries of E, word by word and in order: QEMU, which reads an entry whenever it needs it, shows no
 * difference where only words behind Present are left. Expected words are put together by hand from the manual's figures.
 */
#include "tests/host/played_steps.h"

/* The step stores this one word, and the unit's walk, which does not snoop, sees it. */
#define STORES(step, place, word, value)                             \
	do {                                                         \
		stores = 0;                                          \
		assert_true(do_##step(run.self, (place), 0, 0));     \
		assert_int_equal(stores, 1);                         \
		assert_int_equal(stored[0].at, (u64)(word));         \
		assert_int_equal(*seen(direct_pa(word).v), (value)); \
	} while (0)

/* By the directory, PASID bits 19:6, and its table, bits 5:0; a PASID entry has eight words. */
static u64 *pasid_entry(void)
{
	const u64 *dir = (const u64 *)machine.requester->dir;
	u64(*table)[8] = direct((struct pa){ dir[PASID >> 6] & ~0xfffull });

	return table[PASID & 63];
}

/* Zeros, and Present first: a walk meets the whole entry or none. */
static void wiped(u64 *entry)
{
	stores = 0;
	assert_true(do_entry_wipe(run.self, 0, 0, 0));
	assert_int_equal(stores, 8);
	for (unsigned i = 0; i < 8; i++) {
		assert_int_equal(stored[i].at, (u64)&entry[i]);
		assert_int_equal(stored[i].v, 0);
		assert_int_equal(seen(direct_pa(entry).v)[i], 0);
	}
}

static void by_first(void **state)
{
	(void)state;
	machine_of(BY_FIRST);
	u64 *e = pasid_entry(), *c = vtd_context_words(machine.requester);
	const u64 dir = direct_pa(machine.requester->dir).v;

	/* P | AW 2 at 2 = 8 | PGTT 1 at 6 = 0x40; DID in the second word; NXE bit 5 = 0x20 | table in the third */
	STORES(entry_clear, 0, &e[0], 0x48);
	STORES(entry_set, 0, &e[0], 0x49);
	STORES(entry_root, MIRROR, &e[2], 0x7654020);
	assert_int_equal(strangers, 0);
	STORES(entry_root, ELSEWHERE, &e[2], 0x9020);
	assert_int_equal(strangers, 1);
	STORES(entry_domain, MIRROR, &e[1], 3);
	STORES(entry_domain, A, &e[1], 1);
	/* P | PDTS 4 at 9 = 0x800, for 2^(4 + 7) tables of 64 | directory */
	STORES(context_clear, 0, &c[0], dir | 0x800);
	STORES(context_set, 0, &c[0], dir | 0x801);
	for (unsigned i = 3; i < 8; i++)
		e[i] = ~0ull;
	wiped(e);
}

static void by_second(void **state)
{
	(void)state;
	machine_of(BY_SECOND);
	u64 *e = pasid_entry();

	/* P | AW 2 at 2 = 8 | PGTT 2 at 6 = 0x80 | table, of which all but P goes over */
	STORES(entry_root, MIRROR, &e[0], 0x7654089);
	STORES(entry_clear, 0, &e[0], 0x7654088);
	STORES(entry_root, A, &e[0], 0x1088);
	STORES(entry_set, 0, &e[0], 0x1089);
	wiped(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_first),
		cmocka_unit_test(by_second),
	};

	return cmocka_run_group_tests(tests, has_cpu, NULL);
}
