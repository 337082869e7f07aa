/* An xHC that takes its time: nothing is written to it before it is ready, and no doorbell is rung before it runs. xHCI 1.2, 4.2, 5.4.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The code under test, built here because its registers are played here. */
#undef HOST
#include "kernel/mmio.h"
#define mmio_read32        played_read32
#define mmio_write32       played_write32
#define mmio_write64_lo_hi played_write64
static u32 played_read32(const volatile void *p);
static void played_write32(volatile void *p, u32 v);
static void played_write64(volatile void *p, u64 v);
#include "kernel/engine_xhci.c"
#include "kernel/xhci.c"

/* Operational registers at 0x20, runtime at 0x600, doorbells at 0x800. */
enum { WINDOW = 0x1000, OPERATIONAL = 0x20, RUNTIME = 0x600, DOORBELLS = 0x800, NEVER = ~0u >> 1 };
static u8 registers[WINDOW];
static struct {
	unsigned ready_in,
		runs_in; /* reads of USBSTS until CNR, and after R/S = 1 until HCH, becomes 0 */
	u32 command, status;
	u64 ring, segments;
	unsigned rung, posted; /* the latter in the event ring as it is now */
} hw;
static struct pci_function function = { .class = XHCI_CLASS };
static char last_timeout[64];

static u32 status_now(void)
{
	if (hw.ready_in && !--hw.ready_in)
		hw.status &= ~(u32)mask(USBSTS_CNR);
	if (get(hw.command, USBCMD_RS) && hw.runs_in && !--hw.runs_in)
		hw.status &= ~(u32)mask(USBSTS_HCH);
	return hw.status;
}

static u32 played_read32(const volatile void *p)
{
	switch ((const volatile u8 *)p - registers) {
	case XHCI_CAPLENGTH:
		return OPERATIONAL;
	case XHCI_RTSOFF:
		return RUNTIME;
	case XHCI_DBOFF:
		return DOORBELLS;
	case XHCI_HCCPARAMS1:
		return 1;
	case OPERATIONAL + XHCI_PAGESIZE:
		return 1;
	case OPERATIONAL + XHCI_USBCMD:
		return hw.command;
	case OPERATIONAL + XHCI_USBSTS:
		return status_now();
	default:
		return 0;
	}
}

static void command(u32 v)
{
	hw.command = v & ~(u32)mask(USBCMD_HCRST);
	if (!get(v, USBCMD_RS))
		hw.status |= (u32)mask(USBSTS_HCH);
	else if (!hw.runs_in)
		hw.runs_in = 3;
}

/* A command that was read: its completion, in the ring that the table of segments names. */
static void doorbell(void)
{
	const struct xhci_erst_entry *erst = (const void *)hw.segments;
	struct xhci_trb *event = (struct xhci_trb *)erst->base + hw.posted++;

	assert_false(get(hw.status, USBSTS_HCH));
	hw.rung++;
	event->parameter = hw.ring & ~63ull;
	event->control = xhci_trb_control(TRB_COMMAND_COMPLETION);
}

static void played_write32(volatile void *p, u32 v)
{
	ptrdiff_t at = (volatile u8 *)p - registers;

	assert_false(get(hw.status, USBSTS_CNR));
	if (at == OPERATIONAL + XHCI_USBCMD)
		command(v);
	if (at == DOORBELLS)
		doorbell();
}

static void played_write64(volatile void *p, u64 v)
{
	ptrdiff_t at = (volatile u8 *)p - registers;

	assert_false(get(hw.status, USBSTS_CNR));
	if (at == OPERATIONAL + XHCI_CRCR)
		hw.ring = v;
	if (at == RUNTIME + XHCI_ERSTBA) {
		hw.segments = v;
		hw.posted = 0;
	}
}

/* What the rest of the kernel provides. */
u64 tsc_per_ms = 1, tsc_per_us = 1;
u64 now(void)
{
	static u64 t;

	return ++t;
}
void delay_us(u64 us) { assert_int_equal(us, 0); }
void until_expired(u64 deadline_ms, const char *fmt, ...)
{
	(void)deadline_ms;
	strncpy(last_timeout, fmt, sizeof last_timeout - 1);
}
void note(const char *fmt, ...) { (void)fmt; }
void dma_window(struct dma_engine *e, u64 since) { (void)e, (void)since; }
void pci_bus_master(const struct pci_function *f, bool on) { (void)f, (void)on; }
struct pci_function *pci_functions(unsigned *count)
{
	*count = 1;
	return &function;
}
bool pci_map_bar(const struct pci_function *f, unsigned bar, struct pci_window *w)
{
	assert_ptr_equal(f, &function);
	assert_int_equal(bar, 0);
	*w = (struct pci_window){ .at = registers, .size = WINDOW };
	return true;
}

static struct dma_engine engine(void)
{
	void *arena = aligned_alloc(4096, DMA_ARENA_SIZE);

	memset(arena, 0, DMA_ARENA_SIZE);
	return (struct dma_engine){ .ops = &xhci,
				    .fn = &function,
				    .arena = { arena, { (u64)arena }, DMA_ARENA_SIZE } };
}

static int reset(void **state)
{
	(void)state;
	memset(&hw, 0, sizeof hw);
	last_timeout[0] = 0;
	hw.status = (u32)(mask(USBSTS_HCH) | mask(USBSTS_CNR));
	hw.ready_in = 5;
	return 0;
}

static void not_ready_yet(void **state)
{
	(void)state;
	hw.status &= ~(u32)mask(USBSTS_HCH);
	xhci_take_all();
	assert_true(get(hw.status, USBSTS_HCH));
	assert_string_equal(last_timeout, "");
}

/* Left as it is. */
static void never_ready(void **state)
{
	struct dma_engine e = engine();

	(void)state;
	hw.ready_in = NEVER;
	xhci_take_all();
	assert_string_equal(last_timeout, "xHC to be ready");
	assert_false(xhci.start(&e));
	free(e.arena.cpu);
}

static void not_running_yet(void **state)
{
	struct dma_engine e = engine();

	(void)state;
	assert_true(xhci.start(&e));
	assert_int_equal(hw.rung, 1);
	struct dma_result r = xhci.read(&e, (struct iova){ 0x1000 });
	assert_int_equal(r.status, DMA_DONE);
	assert_int_equal(hw.rung, 2);
	xhci.leave(&e);
	assert_int_equal(hw.rung, 3);
	xhci.stop(&e);
	assert_string_equal(last_timeout, "");
	free(e.arena.cpu);
}

static void never_running(void **state)
{
	struct dma_engine e = engine();

	(void)state;
	hw.runs_in = NEVER;
	assert_false(xhci.start(&e));
	assert_int_equal(hw.rung, 0);
	free(e.arena.cpu);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(not_ready_yet, reset),
		cmocka_unit_test_setup(never_ready, reset),
		cmocka_unit_test_setup(not_running_yet, reset),
		cmocka_unit_test_setup(never_running, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
