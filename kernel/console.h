#pragma once
#include "kernel/types.h"

/*
 * Where text goes: the serial port, the screen. Whoever brings one up fills a struct console, which
 * stays for good, and adds it; what was printed until then is replayed to it, as far as it was kept.
 */
struct console {
	const char *name;
	/* Take all of text, or return false: the console is broken and will not be asked again. */
	bool (*write)(struct console *c, const char *text, size_t n);
	/* A line that stays at the bottom; a page in place of all that was shown. NULL: this console only goes on. */
	void (*status)(struct console *c, const char *line);
	void (*page)(struct console *c, const char *text);
	struct console *next; /* console.c's own, as is broken */
	bool broken;
};

/* Boot CPU, once for each console. */
void console_add(struct console *c);

/*
 * One unit to every console, under the lock that note() and ktap share. Interrupts are off while it
 * is held. Any CPU, any context.
 */
void console_write(const char *text, size_t n);

/*
 * Held: what is written is kept only. Released: it is told now, as far as it was kept, or never; what comes is told again.
 * Boot CPU; a panic() on any.
 */
void console_hold(void);
void console_release(bool tell);

/* For those that look at a screen: neither is part of the log. Any CPU, any context. */
void console_status(const char *line);
void console_page(const char *text);

/* From now on nobody waits for the lock: its holder may be the CPU that died. panic() only. */
void console_break_lock(void);
