#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "kernel/acpi_dmar.h"
#include "tests/host/memory.h"
#include "tests/host/table.h"

/* A DMAR by hand, and the machine that it is about. */
static struct acpi acpi;
static struct dmar dmar;
static struct table t;

/* The machine's bridges. */
static const struct {
	u16 segment, rid;
	struct dmar_buses buses;
} bridges[] = {
	{ 0, 0x0010, { 1, 1 } }, /* 00:02.0 */
	{ 0, 0x00e0, { 2, 9 } }, /* 00:1c.0 */
	{ 0, 0x0208, { 3, 5 } }, /* 02:01.0 */
	{ 0, 0x0300, { 4, 4 } }, /* 03:00.0 */
	{ 0, 0x00e8, { 0, 0 } }, /* 00:1d.0: not set up */
	{ 1, 0x0010, { 1, 255 } },
};

static inline bool bridge(u16 segment, u16 rid, struct dmar_buses *out)
{
	for (unsigned i = 0; i < ARRAY_SIZE(bridges); i++)
		if (bridges[i].segment == segment && bridges[i].rid == rid) {
			*out = bridges[i].buses;
			return true;
		}
	return false;
}

/* Tables by hand: structures are closed by the next one or by the end. */
static u32 open_at;

static inline void close_structure(void)
{
	if (open_at) {
		t.bytes[open_at + 2] = (u8)(t.len - open_at);
		t.bytes[open_at + 3] = (u8)((t.len - open_at) >> 8);
	}
}

static inline void begin(void)
{
	table_begin(&t, "DMAR");
	table_put(&t, 1, 38); /* 39 bits */
	table_zero(&t, 11);
	open_at = 0;
}

static inline void structure(u16 type)
{
	close_structure();
	open_at = t.len;
	table_put(&t, 4, type);
}

static inline void drhd(u8 flags, u8 size, u16 segment, u64 base)
{
	structure(0);
	table_put(&t, 1, flags);
	table_put(&t, 1, size);
	table_put(&t, 2, segment);
	table_put(&t, 8, base);
}

static inline void rmrr(u16 segment, u64 base, u64 limit)
{
	structure(1);
	table_put(&t, 2, 0);
	table_put(&t, 2, segment);
	table_put(&t, 8, base);
	table_put(&t, 8, limit);
}

/* A path of hops of device << 8 | function; ends with -1. */
static inline void scope(u8 type, u8 bus, const int *hop)
{
	u32 at = t.len;

	table_put(&t, 4, type);
	table_put(&t, 1, 0);
	table_put(&t, 1, bus);
	for (; *hop >= 0; hop++) {
		table_put(&t, 1, (unsigned)*hop >> 8);
		table_put(&t, 1, (u8)*hop);
	}
	t.bytes[at + 1] = (u8)(t.len - at);
}
#define SCOPE(type, bus, ...) scope(type, bus, (const int[]){ __VA_ARGS__, -1 })

static inline void read(unsigned units, unsigned problems)
{
	close_structure();
	table_open(&t, &acpi, ACPI_DMAR);
	assert_int_equal(acpi_dmar(&acpi, &dmar), ACPI_FOUND);
	assert_int_equal(dmar.units, units);
	assert_int_equal(memory_problems(), problems);
}

/* Which unit serves, and why; -1: none. */
static inline void serves(u16 segment, u16 rid, int unit, enum dmar_match match)
{
	const struct dmar_unit *u;

	assert_int_equal(dmar_unit_of(&dmar, segment, rid, bridge, &u), match);
	assert_ptr_equal(u, unit < 0 ? NULL : &dmar.unit[unit]);
}

/* Like many laptops: one unit for the graphics, one for the rest, two reserved regions. */
static inline void laptop(void)
{
	begin();
	t.bytes[37] = 5;
	drhd(0, 0, 0, 0xfed90000);
	SCOPE(DMAR_ENDPOINT, 0, 0x200);
	drhd(1, 0, 0, 0xfed91000);
	SCOPE(DMAR_IOAPIC, 0xf0, 0x1f00);
	SCOPE(DMAR_HPET, 0, 0x1f00);
	rmrr(0, 0x7b800000, 0x7fffffff);
	SCOPE(DMAR_ENDPOINT, 0, 0x200);
	rmrr(0, 0x7a2e6000, 0x7a305fff);
	SCOPE(DMAR_ENDPOINT, 0, 0x1400);
}

/* What 00:02.0 and 00:02.1 are. */
static enum dmar_listed graphics[2] = { DMAR_MASTERING_DISPLAY, DMAR_STILL_DISPLAY };

static inline enum dmar_listed who(u16 segment, u16 rid)
{
	if (segment || rid == 0x00e0)
		return DMAR_OTHER;
	return rid >> 1 == 0x10 >> 1 ? graphics[rid & 1] : DMAR_NOBODY;
}
