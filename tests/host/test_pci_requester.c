/* Requester ids behind bridges, by hand from the PCI Express to PCI/PCI-X Bridge Specification 2.3. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "kernel/pci.h"

static const struct pci_function port = {
	.bus = 0, .dev = 3, .header = 1, .secondary = 1, .express = PCI_EXPRESS_ROOT_PORT
};
static const struct pci_function to_pci = {
	.bus = 1, .header = 1, .secondary = 2, .express = PCI_EXPRESS_TO_PCI, .bridge = &port
};
static const struct pci_function old = { .bus = 2,
					 .dev = 4,
					 .header = 1,
					 .secondary = 3,
					 .express = PCI_CONVENTIONAL,
					 .bridge = &to_pci };

static u16 behind(const struct pci_function *bridge)
{
	const struct pci_function f = { .bus = bridge ? bridge->secondary : 0,
					.dev = 5,
					.fn = 1,
					.express = PCI_CONVENTIONAL,
					.bridge = bridge };

	return pci_requester(&f);
}

static void of_its_own(void **state)
{
	(void)state;
	assert_int_equal(behind(NULL), 0x0029);
	assert_int_equal(behind(&port), 0x0129);
}

/* The bus behind it, device 0; whatever conventional bridges there are further down. */
static void of_a_bridge_to_pci(void **state)
{
	(void)state;
	assert_int_equal(behind(&to_pci), 0x0200);
	assert_int_equal(behind(&old), 0x0200);
}

/* In a root complex without one it is the uppermost bridge's own. */
static void of_conventional_bridges(void **state)
{
	struct pci_function first = {
		.dev = 0x1e, .header = 1, .secondary = 4, .express = PCI_CONVENTIONAL
	};
	struct pci_function second = first;

	(void)state;
	assert_int_equal(behind(&first), 0x00f0);
	second.bus = 4;
	second.dev = 7;
	second.secondary = 5;
	second.bridge = &first;
	assert_int_equal(behind(&second), 0x00f0);
	/* One that leads to PCI Express again passes nobody's id on. */
	second.express = PCI_TO_EXPRESS;
	second.bridge = NULL;
	assert_int_equal(behind(&second), 0x0438);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_its_own),
		cmocka_unit_test(of_a_bridge_to_pci),
		cmocka_unit_test(of_conventional_bridges),
	};

	return cmocka_run_group_tests_name("pci requester", tests, NULL, NULL);
}
