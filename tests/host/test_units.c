/*
 * Units change hands: at no moment does a function master the bus while nobody translates for it for whom somebody did. Who looks,
 * looks after each access of PCI, and after each thing that is done to a unit; the units are played, and so is PCI.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/reserved.c"
#include "tests/units.c"

/* The first unit is a display's own, the last one of all that no other lists: the engine's. */
enum { OWN, FEW, NOBODYS, ALL, UNITS };
enum {
	SCREEN_OWN,
	BOARD,
	SCREEN,
	SCREEN_LEFT,
	STOPPED,
	ENGINE,
	BOARD_ALL,
	SCREEN_ALL,
	BRIDGE,
	HERE
};
static const u8 serves[HERE] = { OWN, FEW, FEW, NOBODYS, NOBODYS, ALL, ALL, ALL, ALL };
static struct pci_function there[HERE];
static bool masters[HERE];
static struct dmar dmar;
static struct {
	bool on, found_on, was_on, ours, deaf, lacks;
	u64 mapped; /* pages that it would let through, one bit each */
} played[UNITS];
static struct vtd_root root;
static unsigned stay_held;

static bool is_display(unsigned i) { return there[i].class >> 16 == 3; }

/* Those for whom something was reserved, and the page. */
static u64 page_of(unsigned i) { return i == BOARD ? 1 : i == BOARD_ALL ? 2 : 0; }

static void look(void)
{
	for (unsigned i = 0; i < HERE; i++) {
		unsigned u = serves[i];

		if (!masters[i] || i == BRIDGE)
			continue;
		/* A display that nobody had translated for may go on like that. */
		if (!played[u].on && played[u].was_on)
			assert_true(is_display(i) && !played[u].found_on);
		if (played[u].on && played[u].ours)
			assert_int_equal(played[u].mapped & page_of(i), page_of(i));
	}
}
static void turn(unsigned u, bool on)
{
	played[u].on = on;
	played[u].was_on |= on;
	look();
}

struct pci_function *pci_functions(unsigned *count)
{
	*count = HERE;
	return there;
}
struct pci_function *pci_find(u16 segment, u8 bus, u8 dev, u8 fn)
{
	return !segment && !bus && dev && dev <= HERE && !fn ? &there[dev - 1] : NULL;
}
bool pci_is_bus_master(const struct pci_function *f) { return masters[f - there]; }
void pci_bus_master(const struct pci_function *f, bool on)
{
	masters[f - there] = on;
	look();
}
void pci_note(const struct pci_function *f, const char *what)
{
	(void)f;
	stay_held += !strcmp(what, "stays held");
}
void note(const char *fmt, ...) { (void)fmt; }
void machine_trouble(const char *sentence) { (void)sentence; }

bool vtd_probe(struct vtd_unit *u, unsigned index, u16 segment, struct pa base, u64 window)
{
	(void)segment, (void)base, (void)window;
	assert_int_not_equal(index, OWN);
	*u = (struct vtd_unit){ .index = index, .regs = (volatile u8 *)u };
	return true;
}
bool vtd_translates(const struct vtd_unit *u) { return played[u->index].on; }
const char *vtd_lacks(const struct vtd_unit *u) { return played[u->index].lacks ? "all" : NULL; }
bool vtd_take_over(struct vtd_unit *u)
{
	if (played[u->index].deaf)
		return false;
	turn(u->index, false);
	return true;
}
bool vtd_start(struct vtd_unit *u)
{
	assert_false(played[u->index].on || played[u->index].deaf || u->root);
	played[u->index].ours = true;
	u->root = &root;
	return true;
}
bool vtd_translation_on(struct vtd_unit *u)
{
	assert_ptr_equal(u->root, &root);
	turn(u->index, true);
	return true;
}
bool vtd_stop(struct vtd_unit *u)
{
	if (!u->root)
		return true;
	assert_int_equal(played[u->index].mapped, 0);
	u->root = NULL;
	turn(u->index, false);
	return true;
}
struct vtd_table vtd_table_new(struct vtd_unit *u, u16 did)
{
	return (struct vtd_table){ u, { VTD_FIRST_STAGE, 4, { 0x1000 }, did } };
}
volatile u64 *vtd_table_entry(const struct vtd_table *t, struct iova page)
{
	static u64 leaf;

	(void)t, (void)page;
	return &leaf;
}
u64 vtd_table_leaf(const struct vtd_table *t, struct pa pa, bool writable)
{
	(void)t, (void)writable;
	return pa.v;
}
void vtd_store(const struct vtd_unit *u, volatile u64 *word, u64 v)
{
	(void)word;
	played[u->index].mapped |= v / PAGE_SIZE;
	look();
}
bool vtd_attach(struct vtd_unit *u, u16 sid, u32 rid_pasid, enum vtd_ats ats,
		struct vtd_requester *r)
{
	(void)sid, (void)rid_pasid, (void)ats;
	r->unit = u;
	return true;
}
enum vtd_status vtd_pasid_set(struct vtd_requester *r, u32 pasid, const struct vtd_space *s)
{
	(void)r, (void)pasid, (void)s;
	return VTD_OK;
}
enum vtd_status vtd_detach(struct vtd_requester *r)
{
	played[r->unit->index].mapped = 0;
	look();
	r->unit = NULL;
	return VTD_OK;
}

static void list(unsigned unit)
{
	dmar.unit[unit].scopes.first = (u16)dmar.scopes;
	for (unsigned i = 0; i < HERE; i++)
		if (serves[i] == unit) {
			dmar.scope[dmar.scopes] =
				(struct dmar_scope){ .type = DMAR_ENDPOINT, .hops = 1 };
			dmar.scope[dmar.scopes++].path[0].dev = there[i].dev;
			dmar.unit[unit].scopes.count++;
		}
}

/* Which units firmware left on, and which functions mastering the bus after PCI was told to be quiet. */
static void machine_of(unsigned found_on)
{
	memset(&dmar, 0, sizeof dmar);
	memset(played, 0, sizeof played);
	memset(units, 0, sizeof units);
	stay_held = attached = 0;
	for (u8 i = 0; i < HERE; i++) {
		there[i] = (struct pci_function){ .dev = (u8)(i + 1), .class = 0x020000 };
		masters[i] = i != STOPPED && i != ENGINE;
	}
	there[SCREEN_OWN].class = there[SCREEN].class = there[SCREEN_LEFT].class =
		there[SCREEN_ALL].class = 0x030000;
	there[BRIDGE].class = 0x060400;
	dmar.units = UNITS;
	for (unsigned u = OWN; u < ALL; u++)
		list(u);
	dmar.unit[ALL].include_all = true;
	for (unsigned i = 0; i < HERE; i++)
		if (page_of(i)) {
			dmar.scope[dmar.scopes] =
				(struct dmar_scope){ .type = DMAR_ENDPOINT, .hops = 1 };
			dmar.scope[dmar.scopes].path[0].dev = there[i].dev;
			dmar.rmrr[dmar.reserved++] =
				(struct dmar_reserved){ .base = { page_of(i) * PAGE_SIZE },
							.size = PAGE_SIZE,
							.scopes = { (u16)dmar.scopes++, 1 } };
		}
	for (unsigned u = 0; u < UNITS; u++)
		played[u].on = played[u].was_on = played[u].found_on = found_on >> u & 1;
}

static bool start_engine(void)
{
	const char *why_not = NULL;
	struct vtd_unit *u = unit_for(&there[ENGINE], &why_not);

	return u && unit_start(u);
}

/* Whatever was on, and with an engine or without. */
static void every_way(void **state)
{
	(void)state;
	for (unsigned way = 0; way < 2 << UNITS; way++) {
		bool engine = way >> UNITS;

		machine_of(way);
		bool few = played[FEW].on, nobodys = played[NOBODYS].on, all = played[ALL].on;
		units_take_over(&dmar);
		assert_int_equal(played[OWN].on, way & 1);
		if (engine)
			assert_true(start_engine());
		units_for_held();
		/* All have the bus that had it, but a display whose unit we do not use; and others' units stay off. */
		for (unsigned i = 0; i < HERE; i++)
			assert_int_equal(masters[i], i != STOPPED && i != ENGINE &&
							     !(i == SCREEN_LEFT && nobodys));
		assert_int_equal(stay_held, nobodys);
		assert_int_equal(played[FEW].on, few);
		assert_int_equal(played[NOBODYS].on, false);
		assert_int_equal(played[ALL].on, all || engine);
		assert_true(units_stop());
		assert_int_equal(masters[BOARD], !few);
		assert_int_equal(masters[SCREEN], !few);
		assert_int_equal(masters[BOARD_ALL], !(all || engine));
		assert_int_equal(masters[SCREEN_ALL], !all);
		assert_int_equal(masters[SCREEN_OWN], true);
		assert_int_equal(masters[BRIDGE], true);
		for (unsigned u = FEW; u < UNITS; u++)
			assert_false(played[u].on);
	}
}

/* Of a unit that does not obey, or is of no use to us, or has too much reserved: who is held stays held. */
static void no_way_on(void **state)
{
	(void)state;
	for (unsigned why = 0; why < 3; why++) {
		machine_of(1 << FEW);
		played[FEW].deaf = why == 0;
		played[FEW].lacks = why == 1;
		if (why == 2)
			dmar.rmrr[0].size = (1ull << 30) + PAGE_SIZE;
		units_take_over(&dmar);
		units_for_held();
		assert_false(masters[BOARD] || masters[SCREEN]);
		assert_int_equal(stay_held, 2);
		assert_int_equal(played[FEW].on, why == 0);
		assert_true(units_stop());
		assert_false(masters[BOARD] || masters[SCREEN]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_way),
		cmocka_unit_test(no_way_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
