/* Faults behind the unit: an engine's counts as its own, and nobody else's as any. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/pci.h"

/* The code under test, and what it finds in the unit. */
#include "tests/machine_fault.c"

struct machine machine;
static struct vtd_fault record[4];
static unsigned records, notes;

unsigned vtd_fault_read(const struct vtd_unit *u, struct vtd_fault *out, unsigned max)
{
	(void)u;
	assert_true(max >= records);
	memcpy(out, record, sizeof record);
	return records;
}
void vtd_fault_clear(struct vtd_unit *u) { (void)u, records = 0; }
void note(const char *fmt, ...) { (void)fmt, notes++; }

/* 00:04.0 and 00:05.0; a display is 00:02.0. */
enum { A, B, DISPLAY = 0x10 };
static struct pci_function fn[2] = { { .bus = 0, .dev = 4 }, { .bus = 0, .dev = 5 } };
static struct dma_engine engine[2] = { { .fn = &fn[A] }, { .fn = &fn[B] } };

static int reset(void **state)
{
	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(engine); i++)
		machine.requester[i] =
			(struct vtd_requester){ .unit = (void *)1, .sid = pci_requester(&fn[i]) };
	records = notes = 0;
	return 0;
}

static void faults(u16 sid, u8 reason, u64 page)
{
	record[records++] = (struct vtd_fault){ .reason = reason, .sid = sid, .page = { page } };
}

static void its_own(void **state)
{
	(void)state;
	assert_false(machine_faulted(&engine[A]));
	faults(pci_requester(&fn[B]), 0x71, 0x5000);
	assert_false(machine_faulted(&engine[A]));
	assert_true(machine_faulted(&engine[B]));
	assert_int_equal(notes, 0);
	/* Detached, it is nobody's. */
	machine.requester[B].unit = NULL;
	assert_false(machine_faulted(&engine[B]));
	assert_int_equal(notes, 1);
}

static void nobodys(void **state)
{
	struct vtd_fault f;

	(void)state;
	for (unsigned times = 0; times < 3; times++) {
		faults(DISPLAY, 0x06, 0x5000);
		assert_false(machine_faulted(&engine[A]));
		assert_int_equal(machine_fault((struct va){ 0x5000 }, &f), FAULT_NONE);
		assert_int_equal(records, 0);
		assert_int_equal(notes, 1);
	}
	faults(DISPLAY, 0x05, 0x5000);
	faults(DISPLAY, 0x05, 0x6000);
	assert_false(machine_first_fault(&f));
	assert_int_equal(notes, 2);
}

static void between(void **state)
{
	struct vtd_fault f;

	(void)state;
	faults(DISPLAY, 0x02, 0x9000);
	faults(pci_requester(&fn[A]), 0x71, 0x5000);
	assert_true(machine_first_fault(&f));
	assert_int_equal(f.sid, pci_requester(&fn[A]));
	assert_int_equal(machine_fault((struct va){ 0x5123 }, &f), FAULT_HERE);
	assert_int_equal(records, 0);
	faults(pci_requester(&fn[A]), 0x71, 0x5000);
	faults(pci_requester(&fn[B]), 0x71, 0x8000);
	assert_int_equal(machine_fault((struct va){ 0x5000 }, &f), FAULT_ELSEWHERE);
	assert_int_equal(f.page.v, 0x8000);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(its_own, reset),
		cmocka_unit_test_setup(nobodys, reset),
		cmocka_unit_test_setup(between, reset),
	};

	return cmocka_run_group_tests_name("machine fault", tests, NULL, NULL);
}
