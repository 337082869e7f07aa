/* A function that is asked to work: what it is told, and in which order, by a configuration space that a test plays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/pci_ready.c"

#include "kernel/pci_kept.c"

enum { POWER_AT = 0x50, EXPRESS_AT = 0x60, BAR_AT = 0x10, NO_SOFT_RESET = 1 << 3, PME = 1 << 15 };
static u8 config[256];
static u64 ticks, awake_at;
static bool dead;
static char notes[64];
static struct pci_function there = { .vendor = 0x1234, .device = 0x5678 };

u64 tsc_per_ms = 1000, tsc_per_us = 1;
u64 now(void) { return ticks += 50; }
void delay_us(u64 us) { ticks += us; }
void until_expired(u64 deadline_ms, const char *fmt, ...) { (void)deadline_ms, (void)fmt; }
void pci_note(const struct pci_function *f, const char *what)
{
	(void)f;
	snprintf(notes, sizeof notes, "%s", what);
}
struct pci_function *pci_functions(unsigned *n) { return *n = 1, &there; }
bool pci_is_bus_master(const struct pci_function *f) { return pci_read16(f, PCI_COMMAND) >> 2 & 1; }
unsigned pci_capability(const struct pci_function *f, u8 id)
{
	return pci_read8(f, POWER_AT) == id     ? POWER_AT
	       : pci_read8(f, EXPRESS_AT) == id ? EXPRESS_AT
						: 0;
}

static u16 state(void)
{
	u16 control;

	memcpy(&control, config + POWER_AT + 4, sizeof control);
	return control & 3;
}

static u32 read(unsigned reg, unsigned bytes)
{
	u32 v = 0;

	/* 10 ms long nobody asks who wakes up. */
	assert_true(ticks >= awake_at);
	memcpy(&v, config + reg, bytes);
	return dead && awake_at ? ~0u >> (32 - 8 * bytes) : v;
}
static void write(unsigned reg, unsigned bytes, u32 v)
{
	u16 was = state();

	assert_true(ticks >= awake_at);
	memcpy(config + reg, &v, bytes);
	if (reg != POWER_AT + 4) {
		assert_int_equal(was, 0); /* asleep it keeps nothing */
		return;
	}
	assert_int_equal(v & PME, 0);
	awake_at = ticks + 10000;
	if (v & NO_SOFT_RESET)
		return;
	memset(config + PCI_COMMAND, 0, 2);
	memset(config + 0x0c, 0, 0x34 - 0x0c);
	memset(config + EXPRESS_AT + 8, 0, 2);
}
u8 pci_read8(const struct pci_function *f, unsigned reg) { return (void)f, (u8)read(reg, 1); }
u16 pci_read16(const struct pci_function *f, unsigned reg) { return (void)f, (u16)read(reg, 2); }
u32 pci_read32(const struct pci_function *f, unsigned reg) { return (void)f, read(reg, 4); }
void pci_write16(const struct pci_function *f, unsigned reg, u16 v) { (void)f, write(reg, 2, v); }
void pci_write32(const struct pci_function *f, unsigned reg, u32 v) { (void)f, write(reg, 4, v); }

/* Decoding, with a BAR, in this state, and with this Device Control; without a capability where that is 0. */
static void found(u16 power, u16 device_control)
{
	const u32 id = 0x56781234, bar = 0xfe804000;
	const u16 command = 0x0402;

	memset(config, 0, sizeof config);
	memcpy(config, &id, sizeof id);
	memcpy(config + PCI_COMMAND, &command, sizeof command);
	memcpy(config + BAR_AT, &bar, sizeof bar);
	config[POWER_AT] = power ? 0x01 : 0;
	memcpy(config + POWER_AT + 4, &power, sizeof power);
	config[EXPRESS_AT] = device_control ? PCI_CAP_EXPRESS : 0;
	config[EXPRESS_AT + 2] = 1;
	memcpy(config + EXPRESS_AT + 8, &device_control, sizeof device_control);
	awake_at = ticks = 0;
	dead = false;
	notes[0] = 0;
}

static void asleep(void **state_)
{
	(void)state_;
	for (u16 power = 1; power < 4; power++)
		for (unsigned keeps = 0; keeps < 2; keeps++) {
			found((u16)(power | PME | (keeps ? NO_SOFT_RESET : 0)), 0x2810);
			u8 before[256];
			memcpy(before, config, sizeof before);
			pci_make_ready(&there);
			assert_int_equal(state(), 0);
			assert_string_equal(notes, "slept, is in D0 now");
			memcpy(before + POWER_AT + 4, config + POWER_AT + 4, 2);
			before[EXPRESS_AT + 9] &= (u8)~8;
			assert_memory_equal(config, before, sizeof before);
		}
}

static void awake(void **state_)
{
	(void)state_;
	found(NO_SOFT_RESET | PME, 0x2810);
	pci_make_ready(&there);
	assert_int_equal(awake_at, 0);
	assert_int_equal(pci_read16(&there, POWER_AT + 4), NO_SOFT_RESET | PME);
	assert_int_equal(pci_read16(&there, EXPRESS_AT + 8), 0x2010);
	assert_string_equal(notes, "");
	found(0, 0);
	pci_make_ready(&there);
	assert_int_equal(awake_at, 0);
}

static void never(void **state_)
{
	(void)state_;
	found(3, 0);
	dead = true;
	pci_make_ready(&there);
	assert_string_equal(notes, "does not wake up");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asleep),
		cmocka_unit_test(awake),
		cmocka_unit_test(never),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
