/* Which frames a backtrace follows: those in stacks of its CPU, and nothing else is read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* The code under test, built here because its CPU is played here. */
#include "kernel/cpu.h"
static struct cpu other;
struct cpu boot_cpu;
static struct cpu *now_here;
#define this_cpu() now_here
#include "kernel/backtrace.c"

/* A stack for NMIs, with nothing of anybody's on either side, and that which they interrupt; of a boot CPU it begins lower. */
enum { WORDS = PAGE_SIZE / sizeof(u64) };
static u64 low[BOOT_STACK_PAGES * WORDS], nmi[IST_STACK_PAGES * WORDS],
	high[AP_STACK_PAGES * WORDS];
const u8 __text_start[1], __text_end[1];
const u32 symbol_count;
const u16 symbol_steps[1];
const char symbol_names[1];
static char told[2048];

void note(const char *fmt, ...)
{
	size_t n = strlen(told);
	va_list ap;

	va_start(ap, fmt);
	n += (size_t)vsnprintf(told + n, sizeof told - n, fmt, ap);
	va_end(ap);
	snprintf(told + n, sizeof told - n, "; ");
}

static u64 *frame(u64 *at, u64 next, u64 ret)
{
	at[0] = next;
	at[1] = ret;
	return at;
}

static int reset(void **state)
{
	(void)state;
	told[0] = 0;
	memset(low, 0, sizeof low);
	memset(nmi, 0, sizeof nmi);
	memset(high, 0, sizeof high);
	boot_cpu.stack_top = (u64)(low + ARRAY_SIZE(low));
	other.stack_top = (u64)(high + ARRAY_SIZE(high));
	boot_cpu.nmi_stack_top = other.nmi_stack_top = (u64)(nmi + ARRAY_SIZE(nmi));
	boot_cpu.df_stack_top = other.df_stack_top = boot_cpu.nmi_stack_top;
	boot_cpu.mc_stack_top = other.mc_stack_top = boot_cpu.nmi_stack_top;
	return 0;
}

/* From an NMI's handler through what it interrupted, up to where the stack begins; whichever stack is the higher. */
static void through_an_nmi(void **state)
{
	struct cpu *cpus_[] = { &boot_cpu, &other };
	u64 *tops[] = { low + ARRAY_SIZE(low), high + ARRAY_SIZE(high) };

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		reset(NULL);
		now_here = cpus_[i];
		u64 *first = frame(tops[i] - 2, 0, 0x14),
		    *second = frame(tops[i] - 100, (u64)first, 0x13),
		    *handler = frame(nmi + 40, (u64)second, 0x12);

		backtrace(0x11, (u64)handler);
		assert_string_equal(told, "backtrace 0 rip=0x11 ?+0; backtrace 1 rip=0x11 ?+0; "
					  "backtrace 2 rip=0x12 ?+0; backtrace 3 rip=0x13 ?+0; ");
	}
}

/* What a test left in RBP, or an interrupted function uses for something else. */
static void no_frame(void **state)
{
	u64 *top = high + ARRAY_SIZE(high);
	const u64 bad[] = {
		8,
		0xffff800000000000,
		(u64)(top - 1),
		(u64)top,
		(u64)high - 8,
		(u64)high + 4,
		(u64)(low + 8),
		0x8000000000000000,
		~0ull,
	};

	(void)state;
	now_here = &other;
	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
		char expected[128];

		told[0] = 0;
		backtrace(0x11, bad[i]);
		snprintf(
			expected, sizeof expected,
			"backtrace 0 rip=0x11 ?+0; backtrace ends: rbp=%#llx is no frame of this CPU's; ",
			(unsigned long long)bad[i]);
		assert_string_equal(told, expected);
	}
}

/* In a circle, or downwards: told once. And two stacks that point to each other have an end all the same. */
static void not_upwards(void **state)
{
	(void)state;
	now_here = &other;
	u64 *at = frame(high + 100, (u64)(high + 100), 0x12);

	backtrace(0x11, (u64)at);
	assert_non_null(strstr(told, "backtrace 1 rip=0x11 ?+0; backtrace ends: "));
	told[0] = 0;
	frame(high + 50, 0, 0x13);
	frame(at, (u64)(high + 50), 0x12);
	backtrace(0x11, (u64)at);
	assert_non_null(strstr(told, "backtrace 1 rip=0x11 ?+0; backtrace ends: "));
	told[0] = 0;
	frame(at, (u64)frame(nmi + 4, (u64)at, 0x13), 0x12);
	backtrace(0x11, (u64)at);
	assert_non_null(strstr(told, "backtrace 23 "));
	assert_null(strstr(told, "backtrace 24 "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(through_an_nmi, reset),
		cmocka_unit_test_setup(no_frame, reset),
		cmocka_unit_test_setup(not_upwards, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
