#include "kernel/backtrace.h"
#include "kernel/addr.h"
#include "kernel/cpu.h"
#include "kernel/print.h"

/*
 * Made by tools/symbols.awk; absent in the first link, hence weak. Functions by how far each is behind the one before, the first at
 * __text_start; and their names, each as how many characters it shares with the one before, a byte below ' ', and the others.
 */
extern const u32 symbol_count __attribute__((weak));
extern const u16 symbol_steps[] __attribute__((weak));
extern const char symbol_names[] __attribute__((weak));
extern const u8 __text_start[], __text_end[];

enum { FRAMES_MAX = 24, FRAME_SIZE = 16 };

struct symbol symbol_of(u64 address)
{
	struct symbol found = { "?", 0 };
	const char *next = symbol_names;
	u64 at = (u64)__text_start;

	if (!&symbol_count || address < (u64)__text_start || address >= (u64)__text_end)
		return found;
	for (u32 i = 0; i < symbol_count && (at += symbol_steps[i]) <= address; i++) {
		char *to = found.name + *next++;

		while (*next >= ' ')
			*to++ = *next++;
		*to = '\0';
		found.offset = address - at;
	}
	return found;
}

static void line(unsigned depth, u64 rip)
{
	struct symbol s = symbol_of(rip);

	note("backtrace %u rip=%#lx %s+%#lx", depth, rip, s.name, s.offset);
}

/* The top of the stack of this CPU's that a frame at rbp is in; 0: it is in none. */
static u64 stack_of(u64 rbp)
{
	const struct cpu *c = this_cpu();
	const u64 top[] = { c->stack_top, c->nmi_stack_top, c->df_stack_top, c->mc_stack_top };

	for (unsigned i = 0; i < ARRAY_SIZE(top); i++) {
		u64 pages = i                ? IST_STACK_PAGES
			    : c == &boot_cpu ? BOOT_STACK_PAGES
					     : AP_STACK_PAGES;

		if (rbp >= top[i] - pages * PAGE_SIZE && rbp <= top[i] - FRAME_SIZE)
			return top[i];
	}
	return 0;
}

/* Nothing is read that may fault: the end of a fault within an NMI's handler lets the next NMI in (SDM 3A 6.7.1). */
void backtrace(u64 rip, u64 rbp)
{
	u64 below = 0;

	line(0, rip);
	for (unsigned depth = 1; rbp && depth < FRAMES_MAX; depth++) {
		const u64 *frame = (const u64 *)rbp;
		u64 top = stack_of(rbp);

		/* Upwards, but from an exception's own stack to that which it interrupted. */
		if (!top || rbp & 7 || (rbp <= below && stack_of(below) == top)) {
			note("backtrace ends: rbp=%#lx is no frame of this CPU's", rbp);
			return;
		}
		if (!frame[1])
			return;
		line(depth, frame[1] - 1);
		below = rbp;
		rbp = frame[0];
	}
}
