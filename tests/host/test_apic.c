/* A local APIC as firmware may leave it, taken over: nothing comes from it that nobody asked for. SDM 3A 10.5.1 */
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
#include "kernel/x86.h"
#define mmio_read32  played_read32
#define mmio_write32 played_write32
#define rdmsr        played_rdmsr
#define wrmsr        played_wrmsr
static u32 played_read32(const volatile void *p);
static void played_write32(volatile void *p, u32 v);
static u64 played_rdmsr(u32 msr);
static void played_wrmsr(u32 msr, u64 v);
#include "kernel/apic.c"

enum { MASKED = 1 << 16, SMI = 2 << 8, NMI = 4 << 8, FIRMWARES = 0x31 };
static u8 registers[4096];
static u32 value[64]; /* by the number of a register */
static u64 base;
static unsigned errors; /* the APIC's own, heard by the vector that firmware left there */

/* Entries of the table of local vectors, as CPUs got them: timer, LINT0, LINT1, error, counter, heat, CMCI. */
static const u8 entry[] = { 0x32, 0x35, 0x36, 0x37, 0x34, 0x33, 0x2f };

static bool there(unsigned reg)
{
	for (unsigned i = 0; i < ARRAY_SIZE(entry); i++)
		if (reg == entry[i])
			return i <= (value[3] >> 16 & 0xff);
	return true;
}

static u32 read_register(unsigned reg)
{
	assert_true(there(reg));
	return value[reg];
}

static void write_register(unsigned reg, u32 v)
{
	bool is_entry = false;

	assert_true(there(reg));
	for (unsigned i = 0; i < ARRAY_SIZE(entry); i++)
		is_entry |= reg == entry[i];
	value[reg] = v;
	/* "Receive illegal vector" */
	if (is_entry && !(v >> 8 & 7) && (v & 0xff) < 16 && !(value[0x37] & MASKED))
		errors++;
}

static unsigned number(const volatile void *p)
{
	ptrdiff_t at = (const volatile u8 *)p - registers;

	assert_true(at >= 0 && at < 0x400 && at % 16 == 0);
	return (unsigned)at / 16;
}

static u32 played_read32(const volatile void *p) { return read_register(number(p)); }
static void played_write32(volatile void *p, u32 v) { write_register(number(p), v); }

static u64 played_rdmsr(u32 msr)
{
	return msr == MSR_APIC_BASE ? base : read_register(msr - 0x800);
}

static void played_wrmsr(u32 msr, u64 v)
{
	if (msr == MSR_APIC_BASE)
		base = v;
	else
		write_register(msr - 0x800, (u32)v);
}

void *device_map(struct pa at, u64 size)
{
	assert_int_equal(at.v, 0xfee00000);
	assert_int_equal(size, sizeof registers);
	return registers;
}
u64 tsc_per_ms = 1;
u64 now(void) { return 0; }
void until_expired(u64 deadline_ms, const char *fmt, ...) { fail_msg("%s %lu", fmt, deadline_ms); }
void rescue_leave(void) {}
void panic(const char *fmt, ...)
{
	fail_msg("%s", fmt);
	abort();
}

/* Everything on, with a vector of firmware's, up to that entry. */
static void left_on(bool x2apic, unsigned last)
{
	memset(value, 0, sizeof value);
	errors = 0;
	base = 0xfee00800 | (x2apic ? 1 << 10 : 0);
	value[3] = last << 16 | 0x14;
	value[0xf] = 1 << 8 | 0xff;
	for (unsigned i = 0; i <= last && i < ARRAY_SIZE(entry); i++)
		value[entry[i]] = FIRMWARES;
	apic_init(true);
	assert_int_equal(apic_is_x2(), x2apic);
}

static void all_masked(void **state)
{
	(void)state;
	for (unsigned last = 3; last < 9; last++)
		for (unsigned x2apic = 0; x2apic < 2; x2apic++) {
			left_on(x2apic, last);
			apic_enable();
			for (unsigned i = 0; i <= last && i < ARRAY_SIZE(entry); i++)
				assert_int_equal(value[entry[i]], entry[i] == 0x36 ? NMI : MASKED);
			assert_int_equal(errors, 0);
		}
}

/* Firmware that looks after the temperature by itself goes on. */
static void its_smi_stays(void **state)
{
	(void)state;
	left_on(true, 5);
	value[0x33] = SMI;
	apic_enable();
	assert_int_equal(value[0x33], SMI);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_masked),
		cmocka_unit_test(its_smi_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
