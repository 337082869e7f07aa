/* What an xHC reads from memory, against words worked out by hand from xHCI 1.2, section 6. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "kernel/xhci_memory.h"

static void trbs(void **state)
{
	(void)state;
	/* Fourth dword: type in 15:10, cycle in 0. */
	assert_int_equal(xhci_trb_control(TRB_LINK), 0x0000180100000000);
	assert_int_equal(xhci_trb_control(TRB_NO_OP_COMMAND), 0x00005c0100000000);
	/* A completion as a controller posts it: success, type 33, cycle 1. */
	assert_int_equal(get(0x0000840101000000, TRB_TYPE), TRB_COMMAND_COMPLETION);
	assert_int_equal(get(0x0000840101000000, TRB_CYCLE), 1);
	assert_int_equal(get(0x0000840001000000, TRB_CYCLE), 0);
}

/* Table 6-1: alignment, and what no structure may cross. */
static void layout(void **state)
{
	(void)state;
	assert_int_equal(sizeof(struct xhci_trb), 16);
	assert_int_equal(sizeof(struct xhci_erst_entry), 16);
	assert_int_equal(offsetof(struct xhci_memory, contexts) % 4096, 0);
	assert_int_equal(offsetof(struct xhci_memory, scratchpad_at) % 64, 0);
	assert_true(offsetof(struct xhci_memory, erst) + sizeof(struct xhci_erst_entry) <= 4096);
	assert_int_equal(offsetof(struct xhci_memory, erst) % 64, 0);
	assert_int_equal(offsetof(struct xhci_memory, pad) % 4096, 0);
	assert_int_equal(offsetof(struct xhci_memory, events) % 4096, 0);
	assert_int_equal(offsetof(struct xhci_memory, scratchpad) % 4096, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trbs),
		cmocka_unit_test(layout),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
