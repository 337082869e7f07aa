#include "kernel/console.h"
#include "kernel/format.h"
#include "kernel/rescue.h"
#include "kernel/string.h"
#include "kernel/time.h"
#include "kernel/x86.h"

/* The last of what was printed, for a console that comes later. */
enum { LOG_SIZE = 16384 };
static char log[LOG_SIZE];
static u64 log_end; /* bytes ever printed */

static struct console *consoles;
static bool held;

/*
 * Longer than a UART that got stuck keeps its CPU. Not until(): its note would come here again. After
 * that, lines that mix are better than a CPU that waits for good.
 */
enum { LOCK_MS = 20000 };
static bool locked, lock_broken;

/*
 * An interrupt's handler may print: interrupts are off while we have the lock, not while we wait. Nor can a call be
 * ended that has it.
 */
static u64 lock(void)
{
	u64 flags = read_rflags(), end = now() + LOCK_MS * tsc_per_ms;

	for (;;) {
		cli();
		uncut_begin();
		if (!__atomic_exchange_n(&locked, true, __ATOMIC_ACQUIRE))
			break;
		if (__atomic_load_n(&lock_broken, __ATOMIC_RELAXED) || now() >= end)
			break;
		uncut_end();
		sti_if(flags);
		pause();
	}
	return flags;
}

static void unlock(u64 flags)
{
	__atomic_store_n(&locked, false, __ATOMIC_RELEASE);
	uncut_end();
	sti_if(flags);
}

void console_break_lock(void) { __atomic_store_n(&lock_broken, true, __ATOMIC_RELAXED); }

static void keep(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		log[log_end++ % LOG_SIZE] = text[i];
}

/* To all that work; the result is one that just stopped to, or NULL. */
static struct console *deliver(const char *text, size_t n)
{
	struct console *broke = NULL;

	for (struct console *c = held ? NULL : consoles; c; c = c->next) {
		if (c->broken || c->write(c, text, n))
			continue;
		c->broken = true;
		broke = c;
	}
	return broke;
}

static void write_all(const char *text, size_t n)
{
	struct console *broke;
	char line[80];

	keep(text, n);
	while ((broke = deliver(text, n))) {
		n = format(line, sizeof line,
			   "# console=%.32s broken: it is not written to any more\n", broke->name);
		text = line;
		keep(text, n);
	}
}

void console_write(const char *text, size_t n)
{
	u64 flags = lock();

	write_all(text, n);
	unlock(flags);
}

void console_status(const char *line)
{
	u64 flags = lock();

	for (struct console *c = consoles; c; c = c->next)
		if (c->status && !c->broken)
			c->status(c, line);
	unlock(flags);
}

void console_page(const char *text)
{
	u64 flags = lock();

	for (struct console *c = consoles; c; c = c->next)
		if (c->page && !c->broken)
			c->page(c, text);
	unlock(flags);
}

static bool replay(struct console *c)
{
	static const char cut[] = "# log cut: what came before is lost for this console\n";
	u64 from = 0;

	if (log_end > LOG_SIZE) {
		if (!c->write(c, cut, strlen(cut)))
			return false;
		for (from = log_end - LOG_SIZE; from < log_end; from++) {
			if (log[from % LOG_SIZE] == '\n')
				break;
		}
		from++;
	}
	while (from < log_end) {
		size_t at = from % LOG_SIZE;
		size_t n = log_end - from < LOG_SIZE - at ? log_end - from : LOG_SIZE - at;

		if (!c->write(c, log + at, n))
			return false;
		from += n;
	}
	return true;
}

void console_add(struct console *c)
{
	static const char broken[] = "# a console broke while the log was replayed to it\n";
	u64 flags = lock();

	c->broken = !held && !replay(c);
	c->next = consoles;
	consoles = c;
	if (c->broken)
		write_all(broken, strlen(broken));
	unlock(flags);
}

void console_hold(void) { held = true; }

void console_release(bool tell)
{
	u64 flags = lock();

	for (struct console *c = held && tell ? consoles : NULL; c; c = c->next)
		c->broken |= !replay(c);
	held = false;
	unlock(flags);
}
