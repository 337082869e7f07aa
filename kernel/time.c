#include "kernel/time.h"
#include "kernel/clock.h"
#include "kernel/format.h"
#include "kernel/print.h"
#include "kernel/x86.h"
#include <stdarg.h>

/* A guess that is too high for any machine of today: until it is measured, deadlines are only longer. */
u64 tsc_per_ms = 6000000, tsc_per_us = 6000;

u64 now(void) { return rdtsc(); }

void delay_us(u64 us)
{
	for (u64 end = now() + us * tsc_per_us; now() < end;)
		pause();
}

void until_expired(u64 deadline_ms, const char *fmt, ...)
{
	char what[160];
	va_list ap;

	va_start(ap, fmt);
	vformat(what, sizeof what, fmt, ap);
	va_end(ap);
	note("timeout after %lu ms waiting for %s", deadline_ms, what);
}

/* ACPI 4.8.3.3: 3.579545 MHz, 24 or 32 bits. */
enum { PM_TIMER_HZ = 3579545, PM_TIMER_BITS = 0xffffff };

/* One of several short measures, in ticks, and how many: the host of an emulator may take a CPU away during one. */
enum { MEASURES = 5, MEASURES_PER_SECOND = 500 };

/*
 * TSC ticks while a counter that is read by count() runs `ticks` ticks; 0 if it stands still. Who was away for a while, to
 * an SMI or as an emulator's thread, finds that it ran further, and by how much.
 */
static u64 tsc_during(u32 ticks, u32 bits, u32 (*count)(u16 port), u16 port)
{
	u64 give_up = rdtsc() + 1000ull * 6000000 / 10;
	u32 start = count(port);

	/* Start at a tick's edge. */
	while (count(port) == start)
		if (rdtsc() > give_up)
			return 0;
	start = count(port);
	u64 t0 = rdtsc();
	u32 ran;
	while ((ran = (count(port) - start) & bits) < ticks)
		if (rdtsc() > give_up)
			return 0;
	return (rdtsc() - t0) * ticks / ran;
}

/* The median, for a clock of hz; 0 if it stands still. */
static u64 tsc_per_measure(u32 hz, u32 bits, u32 (*count)(u16 port), u16 port)
{
	u64 sorted[MEASURES] = { 0 };

	for (unsigned n = 0; n < MEASURES; n++) {
		u64 t = tsc_during(hz / MEASURES_PER_SECOND, bits, count, port);
		unsigned at = n;

		if (!t)
			return 0;
		for (; at && sorted[at - 1] > t; at--)
			sorted[at] = sorted[at - 1];
		sorted[at] = t;
	}
	return sorted[MEASURES / 2];
}

static u32 pm_count(u16 port) { return inl(port) & PM_TIMER_BITS; }

/* 8254 channel 2 with its gate, no interrupt: counts down from 65535 at 1.193182 MHz. */
enum { PIT_HZ = 1193182, PIT_CHANNEL2 = 0x42, PIT_COMMAND = 0x43, PIT_GATE = 0x61 };
static u32 pit_count(u16 port)
{
	outb(PIT_COMMAND, 0x80); /* latch channel 2 */
	u8 lo = inb(port);
	return 0xffffu - (u32)(inb(port) << 8 | lo);
}

static u64 by_pit(void)
{
	u8 gate = inb(PIT_GATE);

	outb(PIT_GATE, (u8)((gate & ~2) | 1)); /* speaker off, gate on */
	outb(PIT_COMMAND, 0xb0);               /* channel 2, both bytes, mode 0 */
	outb(PIT_CHANNEL2, 0xff);
	outb(PIT_CHANNEL2, 0xff);
	u64 t = tsc_per_measure(PIT_HZ, 0xffff, pit_count, PIT_CHANNEL2);
	outb(PIT_GATE, gate);
	return t;
}

/*
 * Machines of today may have both clocks switched off. Then the CPU's word, in Hz: of leaf 0x15 the crystal
 * (ECX) times a ratio (EBX / EAX), or of leaf 0x16 the base frequency in MHz. SDM 2A, CPUID; 3B 18.7.3
 */
static u64 by_cpuid(void)
{
	u32 last = cpuid(0, 0).eax;
	struct cpuid tsc = last >= 0x15 ? cpuid(0x15, 0) : (struct cpuid){ 0 };

	if (tsc.eax && tsc.ebx && tsc.ecx)
		return (u64)tsc.ecx * tsc.ebx / tsc.eax;
	return last >= 0x16 ? (cpuid(0x16, 0).eax & 0xffff) * 1000000ull : 0;
}

const char *clock_calibrate(u16 pm_timer_port)
{
	const char *by = "ACPI PM timer";
	u64 t = pm_timer_port ? tsc_per_measure(PM_TIMER_HZ, PM_TIMER_BITS, pm_count, pm_timer_port)
			      : 0;

	if (!t) {
		by = "8254";
		t = by_pit();
	}
	if (!t) {
		by = "CPUID";
		t = by_cpuid() / MEASURES_PER_SECOND;
	}
	if (!t)
		return NULL;
	tsc_per_ms = t * MEASURES_PER_SECOND / 1000;
	tsc_per_us = tsc_per_ms / 1000 ? tsc_per_ms / 1000 : 1;
	return by;
}
