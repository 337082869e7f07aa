/* An NVMe controller that takes its time to start and to stop, and is told neither in the middle of the other. NVMe 2.0, 3.1.3.5 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The code under test, built here because its registers are played here. */
#undef HOST
#include "kernel/mmio.h"
#define mmio_read32        played_read32
#define mmio_write32       played_write32
#define mmio_read64_lo_hi  played_read64
#define mmio_write64_lo_hi played_write64
static u32 played_read32(const volatile void *p);
static void played_write32(volatile void *p, u32 v);
static u64 played_read64(const u8 *p);
static void played_write64(u8 *p, u64 v);
#include "kernel/nvme.c"

/* TO: 1 s, in which it must be ready. */
enum { EN = 1, RDY = 1, CFS = 2, TO = 1 };
static u8 registers[NVME_REGISTERS];
static struct {
	u32 cc, csts;
	unsigned takes, left; /* reads of CSTS until it has followed EN */
	bool fails;           /* instead of starting */
} hw;
static unsigned timeouts;
static const struct pci_function function;

static u32 status_now(void)
{
	if (hw.left && !--hw.left)
		hw.csts = hw.cc & EN ? (hw.fails ? CFS : RDY) : 0;
	return hw.csts;
}

static u32 played_read32(const volatile void *p)
{
	ptrdiff_t at = (const volatile u8 *)p - registers;

	return at == NVME_CC ? hw.cc : at == NVME_CSTS ? status_now() : 0;
}

static void played_write32(volatile void *p, u32 v)
{
	if ((volatile u8 *)p - registers != NVME_CC)
		return;
	if ((v ^ hw.cc) & EN) {
		if (v & EN)
			assert_int_equal(hw.csts & RDY, 0);
		else
			assert_true(hw.csts & (RDY | CFS));
		hw.left = hw.takes;
	}
	hw.cc = v;
}

static u64 played_read64(const u8 *p)
{
	assert_ptr_equal(p, registers + NVME_CAP);
	return (u64)TO << 24 | 1ull << 37 | 0xff;
}
static void played_write64(u8 *p, u64 v) { (void)p, (void)v; }

/* What the rest of the kernel provides. */
u64 tsc_per_ms = 1, tsc_per_us = 1;
u64 now(void)
{
	static u64 t;

	return ++t;
}
void until_expired(u64 deadline_ms, const char *fmt, ...)
{
	(void)fmt;
	assert_int_equal(deadline_ms, 1000);
	timeouts++;
}
void note(const char *fmt, ...) { (void)fmt; }
bool pci_map_bar(const struct pci_function *f, unsigned bar, struct pci_window *w)
{
	(void)f, (void)bar;
	*w = (struct pci_window){ .at = registers, .size = sizeof registers };
	return true;
}

/* As firmware left it: told to start, and not ready for so many reads of its status. */
static struct nvme starting(unsigned left)
{
	struct nvme n = { 0 };

	memset(&hw, 0, sizeof hw);
	hw.cc = 6 << 16 | 4 << 20 | EN;
	hw.takes = 5;
	hw.left = left;
	timeouts = 0;
	assert_true(nvme_map(&n, &function));
	return n;
}

static void in_the_middle(void **state)
{
	(void)state;
	struct nvme n = starting(7);

	assert_true(nvme_reset(&n));
	assert_int_equal(hw.cc, 6 << 16 | 4 << 20);
	assert_int_equal(hw.csts, 0);
	assert_int_equal(timeouts, 0);
	/* One that is off already is not waited for. */
	assert_true(nvme_reset(&n));
	assert_int_equal(timeouts, 0);
}

/* It says that it cannot go on: that is when a reset helps. */
static void failed(void **state)
{
	(void)state;
	struct nvme n = starting(7);

	hw.fails = true;
	assert_true(nvme_reset(&n));
	assert_int_equal(hw.cc & EN, 0);
	assert_int_equal(timeouts, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_the_middle),
		cmocka_unit_test(failed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
