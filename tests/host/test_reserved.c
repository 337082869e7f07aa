#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/reserved.c"

/* Two units, the second of all that the first does not list; what firmware reserved, and for whom. */
enum { NIC, BOARD, GRAPHICS, CONTROLLER, DRIVE, QUIET, BEHIND, FUNCTIONS_HERE };
static struct pci_function there[FUNCTIONS_HERE];
static bool masters[FUNCTIONS_HERE];
static struct dmar dmar;
static struct vtd_unit unit;
static u64 leaf[4];     /* of the pages of BOARD and BEHIND: what they map */
static unsigned leaves; /* beside these: pages that nobody should have */
static u16 attached_sid[8];
static unsigned attach_calls, detach_calls, tables;
static bool attach_fails;
static enum vtd_pgtt stage;

struct pci_function *pci_functions(unsigned *count)
{
	*count = FUNCTIONS_HERE;
	return there;
}
struct pci_function *pci_find(u16 segment, u8 bus, u8 dev, u8 fn)
{
	return !segment && !bus && dev && dev <= FUNCTIONS_HERE && !fn ? &there[dev - 1] : NULL;
}
bool pci_is_bus_master(const struct pci_function *f) { return masters[f - there]; }
void pci_bus_master(const struct pci_function *f, bool on) { masters[f - there] = on; }
void pci_note(const struct pci_function *f, const char *what) { (void)f, (void)what; }
void note(const char *fmt, ...) { (void)fmt; }
struct vtd_table vtd_table_new(struct vtd_unit *u, u16 did)
{
	tables++;
	return (struct vtd_table){ u, { stage, 4, { 0x1000 }, did } };
}
volatile u64 *vtd_table_entry(const struct vtd_table *t, struct iova page)
{
	static u64 stranger;

	assert_ptr_equal(t->unit, &unit);
	for (unsigned i = 0; i < 4; i++)
		if (page.v == 0x70000000 + i * PAGE_SIZE)
			return &leaf[i];
	leaves++;
	return &stranger;
}
u64 vtd_table_leaf(const struct vtd_table *t, struct pa pa, bool writable)
{
	(void)t;
	assert_true(writable);
	return pa.v | 3;
}
void vtd_store(const struct vtd_unit *u, volatile u64 *word, u64 v)
{
	assert_ptr_equal(u, &unit);
	*word = v;
}
bool vtd_attach(struct vtd_unit *u, u16 sid, u32 rid_pasid, enum vtd_ats ats,
		struct vtd_requester *r)
{
	assert_int_equal(ats, VTD_NO_ATS);
	assert_int_equal(rid_pasid, 0);
	r->unit = u;
	r->sid = sid;
	attached_sid[attach_calls++] = sid;
	return !attach_fails;
}
enum vtd_status vtd_pasid_set(struct vtd_requester *r, u32 pasid, const struct vtd_space *s)
{
	assert_true(r->unit && !pasid && s->did == 9);
	return VTD_OK;
}
enum vtd_status vtd_detach(struct vtd_requester *r)
{
	detach_calls++;
	r->unit = NULL;
	return VTD_OK;
}

static struct dmar_scopes scope_of(unsigned which)
{
	struct dmar_scope *s = &dmar.scope[dmar.scopes];

	*s = (struct dmar_scope){ .type = DMAR_ENDPOINT, .hops = 1 };
	s->path[0].dev = there[which].dev;
	return (struct dmar_scopes){ (u16)dmar.scopes++, 1 };
}

static void reserve(u64 base, u64 size, unsigned whose)
{
	dmar.rmrr[dmar.reserved++] = (struct dmar_reserved){ { base }, size, 0, scope_of(whose) };
}

static int set_up(void **state)
{
	(void)state;
	memset(&dmar, 0, sizeof dmar);
	memset(leaf, 0, sizeof leaf);
	leaves = attach_calls = detach_calls = tables = 0;
	attach_fails = false;
	stage = VTD_FIRST_STAGE;
	for (u8 i = 0; i < FUNCTIONS_HERE; i++) {
		there[i] = (struct pci_function){ .dev = (u8)(i + 1), .class = 0x020000 };
		masters[i] = i != QUIET && i != NIC;
	}
	there[CONTROLLER].class = XHCI_CLASS;
	there[DRIVE].class = NVME_CLASS;
	there[GRAPHICS].class = 0x030000;
	dmar.units = 2;
	dmar.unit[0] = (struct dmar_unit){ .scopes = scope_of(GRAPHICS) };
	dmar.unit[1] = (struct dmar_unit){ .include_all = true };
	reserve(0x70000000, 2 * PAGE_SIZE, BOARD);
	reserve(0x7c000000, 1 << 24, GRAPHICS);
	reserve(0x71000000, PAGE_SIZE, CONTROLLER);
	reserve(0x71000000, PAGE_SIZE, DRIVE);
	reserve(0x71000000, PAGE_SIZE, QUIET);
	reserve(0x70003000, PAGE_SIZE, BEHIND);
	return 0;
}

static void who_goes_on(void **state)
{
	(void)state;
	assert_false(reserved_keeps(&dmar, &there[NIC]));
	assert_true(reserved_keeps(&dmar, &there[BOARD]));
	assert_true(reserved_keeps(&dmar, &there[GRAPHICS]));
	assert_false(reserved_keeps(&dmar, &there[CONTROLLER]));
	assert_false(reserved_keeps(&dmar, &there[DRIVE]));
}

static void whose_unit_is_left(void **state)
{
	(void)state;
	assert_true(reserved_for_displays(&dmar, &dmar.unit[0]));
	assert_false(reserved_for_displays(&dmar, &dmar.unit[1]));
	masters[GRAPHICS] = false;
	assert_false(reserved_for_displays(&dmar, &dmar.unit[0]));
	masters[GRAPHICS] = true;
	there[GRAPHICS].class = 0x040300;
	assert_false(reserved_for_displays(&dmar, &dmar.unit[0]));
}

/* One to one, theirs and nothing else; not what another unit serves, or who was stopped. */
static void mapped(void **state)
{
	(void)state;
	assert_true(reserved_attach(&dmar, &dmar.unit[1], &unit, 9));
	assert_int_equal(attach_calls, 2);
	assert_int_equal(attached_sid[0], pci_rid(&there[BOARD]));
	assert_int_equal(attached_sid[1], pci_rid(&there[BEHIND]));
	assert_int_equal(tables, 1);
	assert_int_equal(leaf[0], 0x70000003);
	assert_int_equal(leaf[1], 0x70001003);
	assert_int_equal(leaf[2], 0);
	assert_int_equal(leaf[3], 0x70003003);
	assert_int_equal(leaves, 0);
	assert_true(reserved_detach());
	assert_int_equal(detach_calls, 2);
	assert_true(reserved_detach());
	assert_int_equal(detach_calls, 2);
}

static void behind_a_bridge(void **state)
{
	struct pci_function bridge = { .express = PCI_EXPRESS_TO_PCI, .secondary = 5 };

	(void)state;
	there[BEHIND].bridge = &bridge;
	assert_true(reserved_attach(&dmar, &dmar.unit[1], &unit, 9));
	assert_int_equal(attach_calls, 3);
	assert_int_equal(attached_sid[1], 0x500);
	assert_int_equal(attached_sid[2], pci_rid(&there[BEHIND]));
	assert_true(reserved_detach());
	assert_int_equal(detach_calls, 3);
}

static void nobody(void **state)
{
	(void)state;
	dmar.reserved = 0;
	assert_true(reserved_attach(&dmar, &dmar.unit[1], &unit, 9));
	assert_int_equal(tables + attach_calls, 0);
}

static void not_possible(void **state)
{
	(void)state;
	attach_fails = true;
	assert_false(reserved_attach(&dmar, &dmar.unit[1], &unit, 9));
	attach_fails = false;
	dmar.rmrr[0].size = (1ull << 30) + PAGE_SIZE;
	assert_false(reserved_attach(&dmar, &dmar.unit[1], &unit, 9));
	/* 47 bits of a first stage, 48 of a second. */
	dmar.rmrr[0] = (struct dmar_reserved){ { 1ull << 47 }, PAGE_SIZE, 0, dmar.rmrr[0].scopes };
	assert_false(reserved_attach(&dmar, &dmar.unit[1], &unit, 9));
	assert_int_equal(leaves, 0);
	stage = VTD_SECOND_STAGE;
	assert_true(reserved_attach(&dmar, &dmar.unit[1], &unit, 9));
	assert_int_equal(leaves, 1);
	reserved_detach();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(whose_unit_is_left, set_up),
		cmocka_unit_test_setup(who_goes_on, set_up),
		cmocka_unit_test_setup(mapped, set_up),
		cmocka_unit_test_setup(behind_a_bridge, set_up),
		cmocka_unit_test_setup(nobody, set_up),
		cmocka_unit_test_setup(not_possible, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
