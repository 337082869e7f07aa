#include "kernel/backtrace.h"
#include "kernel/addr.h"
#include "kernel/print.h"
#include "kernel/trap.h"

/*
 * Made by tools/symbols.awk; absent in the first link, hence weak. Functions by how far each is behind the one before, the first at
 * __text_start; and their names, each as how many characters it shares with the one before, a byte below ' ', and the others.
 */
extern const u32 symbol_count __attribute__((weak));
extern const u16 symbol_steps[] __attribute__((weak));
extern const char symbol_names[] __attribute__((weak));
extern const u8 __text_start[], __text_end[];

enum { FRAMES_MAX = 24 };

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

void backtrace(u64 rip, u64 rbp)
{
	line(0, rip);
	for (unsigned depth = 1; depth < FRAMES_MAX; depth++) {
		u64 next, ret;
		u32 error;

		/* Stacks are in the upper half; the loads may fault all the same. */
		if (rbp < DIRECT_MAP || rbp & 7 || !fixup_load((const u64 *)rbp, &next, &error) ||
		    !fixup_load((const u64 *)(rbp + 8), &ret, &error) || !ret)
			return;
		line(depth, ret - 1);
		if (next <= rbp)
			return;
		rbp = next;
	}
}
