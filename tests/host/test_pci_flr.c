/* Who is reset, and what is left of it, by functions that a test plays: of a reset nothing survives that need not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/pci_flr.c"

#include "kernel/pci_kept.c"

enum { HERE = 40, EXPRESS_AT = 0x40, AF_AT = 0x80, RESET_TICKS = 100000 };
static struct pci_function there[HERE];
static struct played {
	u8 config[256];
	u64 asked_at, answers_after, was_reset; /* ticks; how often */
	unsigned pending;                       /* reads of its status until it is done */
} played[HERE];
static unsigned count;
static u64 ticks, delays;
static char last_timeout[256];

u64 tsc_per_ms = 1000, tsc_per_us = 1;
u64 now(void) { return ticks += 50; }
void delay_us(u64 us)
{
	ticks += us;
	delays++;
}
void until_expired(u64 deadline_ms, const char *fmt, ...)
{
	va_list ap;

	(void)deadline_ms;
	va_start(ap, fmt);
	vsnprintf(last_timeout, sizeof last_timeout, fmt, ap);
	va_end(ap);
}
void pci_note(const struct pci_function *f, const char *what)
{
	(void)f;
	assert_string_equal(what, "reset (FLR)");
}
struct pci_function *pci_functions(unsigned *n)
{
	*n = count;
	return there;
}

static u32 word(const struct played *p, unsigned reg, unsigned bytes)
{
	u32 v = 0;

	memcpy(&v, p->config + reg, bytes);
	return v;
}
static void set(struct played *p, unsigned reg, unsigned bytes, u32 v)
{
	memcpy(p->config + reg, &v, bytes);
}

/* In reset nobody asks it; later it may say that it is to be asked again. */
static u32 read(const struct pci_function *f, unsigned reg, unsigned bytes)
{
	struct played *p = &played[f - there];

	assert_true(reg + bytes <= sizeof p->config && reg % bytes == 0);
	if (p->asked_at) {
		assert_true(ticks >= p->asked_at + RESET_TICKS);
		if (ticks < p->asked_at + RESET_TICKS + p->answers_after)
			return reg ? ~0u >> (32 - 8 * bytes) : 0xffff0001;
	}
	if (reg == EXPRESS_AT + 10 && p->config[EXPRESS_AT + 10] && !--p->pending)
		p->config[EXPRESS_AT + 10] = 0;
	return word(p, reg, bytes);
}

static void write(const struct pci_function *f, unsigned reg, unsigned bytes, u32 v)
{
	struct played *p = &played[f - there];

	(void)read(f, 0, 4);
	assert_int_equal(word(p, 0, 4), (u32)there[f - there].device << 16 | f->vendor);
	/* The first version has nothing at 0x28: who follows it in configuration space has. */
	bool has_first = p->config[EXPRESS_AT] == 0x10;
	bool has_second = has_first && p->config[EXPRESS_AT + 2] == 2;
	bool express = has_first && reg == EXPRESS_AT + 8 && v >> 15 & 1;
	bool advanced = p->config[AF_AT] == 0x13 && reg == AF_AT + 4 && v & 1;
	if (express || advanced) {
		assert_int_equal(word(p, 4, 2) & 4, 0);
		assert_false(p->config[EXPRESS_AT + 10]);
		p->was_reset++;
		p->asked_at = ticks;
		memset(p->config + 4, 0, 2);
		memset(p->config + 0x0c, 0, 0x34 - 0x0c);
		memset(p->config + 0x3c, 0, 1);
		if (has_first)
			set(p, EXPRESS_AT + 8, 2, 0x2810);
		if (has_second)
			set(p, EXPRESS_AT + 0x28, 2, 0);
		return;
	}
	/* Nothing else changes, but what a reset takes away. */
	assert_true(reg == 4 || (reg >= 0x0c && reg < 0x40) ||
		    (has_first && reg == EXPRESS_AT + 8) ||
		    (has_second && reg == EXPRESS_AT + 0x28));
	set(p, reg, bytes, v);
}

u8 pci_read8(const struct pci_function *f, unsigned reg) { return (u8)read(f, reg, 1); }
u16 pci_read16(const struct pci_function *f, unsigned reg) { return (u16)read(f, reg, 2); }
u32 pci_read32(const struct pci_function *f, unsigned reg) { return read(f, reg, 4); }
void pci_write16(const struct pci_function *f, unsigned reg, u16 v) { write(f, reg, 2, v); }
void pci_write32(const struct pci_function *f, unsigned reg, u32 v) { write(f, reg, 4, v); }
bool pci_is_bus_master(const struct pci_function *f) { return pci_read16(f, 4) >> 2 & 1; }
unsigned pci_capability(const struct pci_function *f, u8 id)
{
	assert_int_equal(f->header, 0);
	return pci_read8(f, EXPRESS_AT) == id ? EXPRESS_AT : pci_read8(f, AF_AT) == id ? AF_AT : 0;
}

/* A drive, found mastering the bus, that offers nothing; decoding, INTx off. */
static struct played *add(void)
{
	struct played *p = &played[count];

	there[count] = (struct pci_function){ .dev = (u8)(count + 1),
					      .vendor = 0x1234,
					      .device = 0x5678,
					      .class = 0x010802,
					      .stopped = true };
	count++;
	for (unsigned i = 0; i < sizeof p->config; i++)
		p->config[i] = (u8)(i * 7 + count);
	set(p, 0, 4, 0x56781234);
	set(p, 4, 2, 0x0402);
	set(p, EXPRESS_AT, 4, 0);
	set(p, AF_AT, 4, 0);
	set(p, EXPRESS_AT + 10, 2, 0);
	set(p, EXPRESS_AT + 8, 2, 0x295f);
	return p;
}
static struct played *express(u32 capabilities, u16 version)
{
	struct played *p = add();

	set(p, EXPRESS_AT, 4, 0x10 | (u32)version << 16);
	set(p, EXPRESS_AT + 4, 4, capabilities);
	return p;
}
static struct played *advanced(u8 capabilities)
{
	struct played *p = add();

	set(p, AF_AT, 4, 0x13 | 6 << 16 | (u32)capabilities << 24);
	set(p, AF_AT + 4, 2, 0);
	return p;
}
enum { FLR = 1 << 28 };

static int set_up(void **state)
{
	(void)state;
	memset(played, 0, sizeof played);
	count = 0;
	ticks = 1;
	delays = 0;
	last_timeout[0] = 0;
	return 0;
}

static void expect(const struct played *p, unsigned resets)
{
	pci_flr_all();
	assert_int_equal(p->was_reset, resets);
	assert_int_equal(delays, resets);
	set_up(NULL);
}

static void who(void **state)
{
	struct played *p;

	(void)state;
	expect(add(), 0);
	expect(express(FLR, 2), 1);
	expect(express(~(u32)FLR, 2), 0);
	expect(advanced(3), 1);
	expect(advanced(1), 0);
	expect(advanced(2), 0);
	/* Nobody listened to it, it is no bridge, nor a serial card; and it comes back. */
	p = express(FLR, 2);
	there[0].stopped = false;
	expect(p, 0);
	p = express(FLR, 2);
	there[0].header = 1;
	expect(p, 0);
	p = express(FLR, 2);
	there[0].class = 0x070002;
	expect(p, 0);
	p = express(FLR, 2);
	there[0].vendor = 0x144d;
	there[0].device = 0xa804;
	expect(p, 0);
	p = express(FLR, 2);
	there[0].vendor = 0x1425;
	there[0].device = 0x4401;
	expect(p, 0);
	/* Who may still master the bus does so for firmware. */
	p = express(FLR, 2);
	set(p, 4, 2, 0x0406);
	expect(p, 0);
	/* To a network controller others send. */
	p = express(FLR, 2);
	there[0].class = 0x020000;
	there[0].stopped = false;
	expect(p, 1);
	p = express(FLR, 2);
	there[0] = (struct pci_function){ .vendor = 0x8086, .device = 0x1502, .class = 0x020000 };
	expect(p, 0);
}

/* All at once, more than are kept at once too, and all bytes as before. */
static void as_before(void **state)
{
	static struct played before[HERE];

	(void)state;
	for (unsigned i = 0; i < HERE - 2; i++)
		express(FLR, 2);
	advanced(3);
	express(FLR, 1);
	memcpy(before, played, sizeof before);
	pci_flr_all();
	assert_int_equal(delays, 2);
	for (unsigned i = 0; i < HERE; i++) {
		assert_int_equal(played[i].was_reset, 1);
		assert_memory_equal(before[i].config, played[i].config, 256);
	}
}

static void late(void **state)
{
	struct played *p = express(FLR, 2);

	(void)state;
	p->config[EXPRESS_AT + 10] = 0x20;
	p->pending = 3;
	p->answers_after = 900000;
	pci_flr_all();
	assert_int_equal(p->was_reset, 1);
	assert_int_equal(word(p, 4, 2), 0x0402);
	assert_string_equal(last_timeout, "");
	assert_int_equal(there[0].vendor, 0x1234);
}

/* Then it is nobody's: no driver finds it. */
static void never(void **state)
{
	struct played *p = express(FLR, 2);

	(void)state;
	p->answers_after = 1ull << 40;
	pci_flr_all();
	assert_string_equal(last_timeout, "pci=0000:00:01.0 to answer again");
	assert_int_equal(there[0].vendor, 0xffff);
	assert_int_equal(there[0].class, ~0u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(who, set_up),
		cmocka_unit_test_setup(as_before, set_up),
		cmocka_unit_test_setup(late, set_up),
		cmocka_unit_test_setup(never, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
