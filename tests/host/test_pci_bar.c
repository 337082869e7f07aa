/* What a BAR says, against registers worked out by hand from PCIe 7.5.1.2.1. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "kernel/pci_bar.h"

static void expect(struct pci_bar bar, enum pci_bar_kind kind, u64 base, u64 size)
{
	assert_int_equal(bar.kind, kind);
	if (kind == PCI_BAR_MEMORY || kind == PCI_BAR_UNASSIGNED) {
		assert_int_equal(bar.base, base);
		assert_int_equal(bar.size, size);
	}
}

static void narrow(void **state)
{
	(void)state;
	expect(pci_bar_decode(0xfebf1000, 0, 0xfffff000, 0), PCI_BAR_MEMORY, 0xfebf1000, 0x1000);
	expect(pci_bar_decode(0xfebf1008, 0, 0xfffff008, 0), PCI_BAR_MEMORY, 0xfebf1000, 0x1000);
	expect(pci_bar_decode(0x80000000, 0, 0x80000000, 0), PCI_BAR_MEMORY, 0x80000000,
	       0x80000000);
	/* The register behind a narrow BAR is another BAR. */
	expect(pci_bar_decode(0xfebf1000, 7, 0xfffff000, ~0u), PCI_BAR_MEMORY, 0xfebf1000, 0x1000);
}

static void wide(void **state)
{
	(void)state;
	expect(pci_bar_decode(0xfe800004, 0, 0xffffc004, ~0u), PCI_BAR_MEMORY, 0xfe800000, 0x4000);
	expect(pci_bar_decode(0x0000000c, 0x40, 0xffffc00c, ~0u), PCI_BAR_MEMORY, 0x4000000000,
	       0x4000);
	/* 8 GiB: no address bit of the low register can be written. */
	expect(pci_bar_decode(0x0000000c, 0x40, 0x0000000c, 0xfffffffe), PCI_BAR_MEMORY,
	       0x4000000000, 0x200000000);
}

static void unusable(void **state)
{
	(void)state;
	expect(pci_bar_decode(0, 0, 0, 0), PCI_BAR_NONE, 0, 0);
	expect(pci_bar_decode(4, 0, 4, 0), PCI_BAR_NONE, 0, 0);
	expect(pci_bar_decode(0xc041, 0, 0xffffffe1, 0), PCI_BAR_PORTS, 0, 0);
	expect(pci_bar_decode(0, 0, 0xfffff000, 0), PCI_BAR_UNASSIGNED, 0, 0x1000);
	expect(pci_bar_decode(4, 0, 0xffffc004, ~0u), PCI_BAR_UNASSIGNED, 0, 0x4000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(narrow),
		cmocka_unit_test(wide),
		cmocka_unit_test(unusable),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
