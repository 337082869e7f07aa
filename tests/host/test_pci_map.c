/* Before a function is asked for its registers it is awake: the order in pci_map_bar(), in a configuration space of plain memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Accesses are single instructions, which memory takes too; but it has all bits of a BAR. */
#undef HOST
#define pci_bar_decode base_of
#include "kernel/pci.c"
#undef pci_bar_decode
#define HOST

static u8 config[4096];
static struct pci_function there = { .config = config };
static u64 mapped;

/* Asleep it has lost its addresses, and waking puts them back. */
void pci_make_ready(const struct pci_function *f)
{
	const u32 bar = 0xfe800000;

	assert_ptr_equal(f, &there);
	memcpy(config + PCI_BAR0, &bar, sizeof bar);
}
struct pci_bar base_of(u32 lo, u32 hi, u32 lo_ones, u32 hi_ones)
{
	(void)hi, (void)lo_ones, (void)hi_ones;
	return (struct pci_bar){ .kind = PCI_BAR_MEMORY, .base = lo, .size = PAGE_SIZE };
}
void *device_map(struct pa base, u64 size)
{
	(void)size;
	mapped = base.v;
	return config;
}
struct pci_function *pci_functions(unsigned *count) { return *count = 1, &there; }
struct pci_bar pci_virtual_bar(const struct pci_function *f, unsigned bar)
{
	(void)f, (void)bar;
	return (struct pci_bar){ 0 };
}
void pci_virtual_off(const struct pci_function *f) { (void)f; }
void note(const char *fmt, ...) { (void)fmt; }

static void awake_first(void **state)
{
	struct pci_window w;

	(void)state;
	assert_true(pci_map_bar(&there, 0, &w));
	assert_int_equal(mapped, 0xfe800000);
	/* It decodes, and masters nothing. */
	assert_int_equal(config[PCI_COMMAND], 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(awake_first) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
