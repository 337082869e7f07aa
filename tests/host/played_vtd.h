#pragma once
/* Registers and queue of a VT-d unit that a test plays, a tick is a millisecond. */
#include "iommu/vtd_access.h"
#include "tests/host/played_reorder.h"

static u8 register_file[WINDOW];
static u64 ticks, answer_at; /* 0: no device is asked */

static void run_queue_from(bool silent)
{
	/* Descriptors of 256 bits, or of 128: IQA.DW, which only scalable mode has. */
	const unsigned bytes = hw.iqa & 1 << 11 ? 32 : 16;

	while (!answer_at && (hw.gsts & 1u << 26) && hw.iqh != hw.iqt &&
	       (silent || !(hw.fsts & 0x50)) && !is_fenced()) {
		const u64 *d = (const u64 *)direct((struct pa){ (hw.iqa & ~0xfffull) + hw.iqh });
		unsigned type = d[0] & 15;
		char word[4] = { "?cidewpPDr"[type < 10 ? type : 0] };

		/* A device is silent: waits that were fetched behind are void, and nothing more is. */
		if (silent && type == 5) {
			hw.iqh = (hw.iqh + bytes) % PAGE_SIZE;
			continue;
		}
		happened(word);
		assert_int_equal(bytes, is_scalable() ? 32 : 16);
		assert_false(forget_sees_nothing && walk_now());
		if (type == 0 || type > 9) {
			hw.fsts |= 0x10; /* stops in front of it */
			return;
		}
		assert_true(is_scalable() || (type != 6 && type != 7 && type != 8));
		hw.iqh = (hw.iqh + bytes) % PAGE_SIZE;
		if (type == 3 && hw.answers_in) {
			answer_at = ticks + hw.answers_in;
		} else if (type == 3) {
			hw.fsts |= 0x40;
			silent = !hw.one_by_one;
		}
		if (hw.pages_take && type == 6)
			goes_under_way(ticks + hw.pages_take, NULL);
		else if (hw.pages_take && type == 5)
			goes_under_way(0, d);
		else if (type == 5 && !hw.mute)
			*(u32 *)direct((struct pa){ d[1] }) = (u32)(d[0] >> 32);
	}
}

static void run_queue(void)
{
	do
		run_queue_from(false);
	while (work_under_way(ticks));
}

static void device_is_late(void)
{
	answer_at = 0;
	hw.fsts |= hw.gives_up ? 0x40 : 0;
	run_queue_from(hw.gives_up && !hw.one_by_one);
}

u64 now(void)
{
	if (++ticks == answer_at)
		device_is_late();
	if (work_under_way(ticks))
		run_queue();
	return ticks;
}

void *device_map(struct pa base, u64 size)
{
	(void)base;
	return hw.mappable && size > hw.mappable ? NULL : register_file;
}

static void global_command(u32 v)
{
	static const struct {
		unsigned bit;
		const char *name;
	} bits[] = { { 31, "TE" },  { 30, "SRTP" }, { 28, "EAFL" }, { 27, "WBF" },
		     { 26, "QIE" }, { 25, "IRE" },  { 24, "SIRTP" } };
	u32 kept = 1u << 31 | 1u << 28 | 1u << 26 | 1u << 25 | 1u << 23;
	u32 change = ((v ^ hw.gsts) & kept) | (v & ~kept);

	assert_int_equal(__builtin_popcount(change), 1);
	for (unsigned i = 0; i < ARRAY_SIZE(bits); i++)
		if (change & 1u << bits[i].bit) {
			char word[8];

			snprintf(word, sizeof word, "%s%c", bits[i].name, v & change ? '+' : '-');
			happened(word);
		}
	if (change == 1u << 26 && !(v & change))
		assert_int_equal(hw.iqh, hw.iqt); /* only an empty queue is switched off */
	if (!hw.deaf)
		hw.gsts = (hw.gsts & ~change) | (v & change & ~(1u << 27));
	if (change == 1u << 26)
		hw.iqh = 0;
	walk_now();
}

/* Registers, or memory. */
static bool is_register(const volatile void *p, unsigned *reg)
{
	const volatile u8 *b = p;

	*reg = (unsigned)(b - register_file);
	return b >= register_file && b < register_file + WINDOW;
}

u64 mmio_read64(const volatile void *p)
{
	unsigned reg;

	if (!is_register(p, &reg))
		return *(const volatile u64 *)p;
	if (hw.absent)
		return ~0ull;
	switch (reg) {
	case 0x08:
		return hw.cap;
	case 0x10:
		return hw.ecap;
	case 0x20:
		return hw.rtaddr;
	case 0x80:
		return hw.iqh;
	case 0x88:
		return hw.iqt;
	case 0x90:
		return hw.iqa;
	case 0xb0:
		return 0;
	case FRO * 16:
		return 0x5000;
	case FRO * 16 + 8:
		return (u64)hw.top << 32 | 0x20;
	default:
		fail_msg("64-bit read of 0x%x", reg);
	}
	return 0;
}

u32 mmio_read32(const volatile void *p)
{
	unsigned reg;

	if (!is_register(p, &reg))
		return *(const volatile u32 *)p;
	if (hw.absent)
		return ~0u;
	switch (reg) {
	case 0x00:
		return 0x60;
	case 0x1c:
		return hw.gsts;
	case 0x34:
		return hw.fsts | (hw.top >> 31) << 1;
	case 0x64:
		return hw.pmen | hw.pmen >> 31 | hw.shut;
	case FRO * 16 + 12:
		return hw.top;
	default:
		fail_msg("32-bit read of 0x%x", reg);
	}
	return 0;
}

void mmio_write64(volatile void *p, u64 v)
{
	unsigned reg;

	if (!is_register(p, &reg)) {
		*(volatile u64 *)p = v;
		walk_now();
		return;
	}
	switch (reg) {
	case 0x20:
		hw.rtaddr = v;
		return;
	case 0x88:
		hw.iqt = v;
		break;
	case 0x90:
		hw.iqa = v;
		return;
	case 0xb8:
		hw.irta = v;
		return;
	default:
		fail_msg("64-bit write of 0x%x", reg);
	}
	run_queue();
}

void mmio_write32(volatile void *p, u32 v)
{
	unsigned reg;

	assert_true(is_register(p, &reg));
	switch (reg) {
	case 0x18:
		global_command(v);
		break;
	case 0x34:
		/* What is not set may be RsvdZ in this unit: nobody has AFO and APF, say. */
		assert_int_equal(v & ~hw.fsts, 0);
		hw.fsts &= ~(v & 0x7d);
		break;
	case 0x38:
		hw.fectl = v;
		break;
	case 0xa0:
		assert_true(hw.ecap & 2);
		hw.iectl = v;
		break;
	case 0x64:
		happened("PMEN");
		hw.pmen = v & 1u << 31;
		break;
	case 0x9c:
		assert_true(hw.ecap & 2);
		break;
	case FRO * 16 + 12:
		hw.top &= ~(v & 1u << 31);
		break;
	default:
		fail_msg("32-bit write of 0x%x", reg);
	}
	run_queue();
}
