#include "kernel/uart.h"
#include "kernel/bits.h"
#include "kernel/mmio.h"
#include "kernel/print.h"
#include "kernel/time.h"
#include "kernel/x86.h"

/* National PC16550D, table II: offsets of the registers, and 8.1 to 8.7 for their bits. */
enum {
	THR = 0,
	DLL = 0,
	IER = 1,
	DLM = 1,
	IIR = 2,
	FCR = 2,
	LCR = 3,
	MCR = 4,
	LSR = 5,
	MSR = 6,
	SCR = 7
};
#define LCR_FIELDS(F)    \
	F(LCR_WLS, 1, 0) \
	F(LCR_DLAB, 7, 7)
#define LSR_FIELDS(F)     \
	F(LSR_THRE, 5, 5) \
	F(LSR_TEMT, 6, 6)
#define FCR_FIELDS(F)         \
	F(FCR_ENABLE, 0, 0)   \
	F(FCR_CLEAR_RX, 1, 1) \
	F(FCR_CLEAR_TX, 2, 2)
#define IIR_FIELDS(F) F(IIR_FIFOS, 7, 6)
#define MCR_FIELDS(F)     \
	F(MCR_DTR, 0, 0)  \
	F(MCR_RTS, 1, 1)  \
	F(MCR_OUT2, 3, 3) \
	F(MCR_LOOP, 4, 4)
#define MSR_FIELDS(F) F(MSR_LINES, 7, 4)
enum {
	LCR_FIELDS(AS_ENUM) LSR_FIELDS(AS_ENUM) FCR_FIELDS(AS_ENUM) IIR_FIELDS(AS_ENUM)
		MCR_FIELDS(AS_ENUM) MSR_FIELDS(AS_ENUM)
};
enum { WLS_8_BITS = 3, FIFOS_WORK = 3, FIFO_BYTES = 16, DIVISOR_115200 = 1 };

/* MSR_LINES in loopback with RTS and OUT2 set: CTS and DCD, 8.6. */
enum { LOOPED_RTS_OUT2 = 9 };

/* FIFO and shift register empty in 1.4 ms; an emulator whose reader sleeps takes what it takes. */
enum { STUCK_MS = 5000 };

static u8 read_reg(const struct uart *u, size_t reg)
{
	if (u->port)
		return inb((u16)(u->port + reg));
	if (u->stride == 4)
		return (u8)mmio_read32(u->mmio + reg * u->stride);
	return mmio_read8(u->mmio + reg * u->stride);
}

static void write_reg(const struct uart *u, size_t reg, u64 v)
{
	if (u->port)
		outb((u16)(u->port + reg), (u8)v);
	else if (u->stride == 4)
		mmio_write32(u->mmio + reg * u->stride, (u8)v);
	else
		mmio_write8(u->mmio + reg * u->stride, (u8)v);
}

/* Not until(): its note would be written here. */
static bool drained(const struct uart *u, int lsr_field)
{
	for (u64 end = now() + STUCK_MS * tsc_per_ms; !get(read_reg(u, LSR), lsr_field);) {
		if (now() >= end)
			return false;
		pause();
	}
	return true;
}

static bool send(struct uart *u, char c)
{
	if (!u->room) {
		if (!drained(u, LSR_THRE))
			return false;
		u->room = u->fifo;
	}
	u->room--;
	write_reg(u, THR, (u8)c);
	return true;
}

static bool uart_write(struct console *c, const char *text, size_t n)
{
	struct uart *u = (struct uart *)c; /* its first member */

	for (; n; n--, text++) {
		if (*text == '\n' && !send(u, '\r'))
			return false;
		if (!send(u, *text))
			return false;
	}
	return true;
}

/* The scratch register holds what it is given, though another value was on the bus since. */
static bool has_scratch(const struct uart *u)
{
	static const u8 patterns[] = { 0x5a, 0xa5 };

	for (unsigned i = 0; i < ARRAY_SIZE(patterns); i++) {
		write_reg(u, SCR, patterns[i]);
		write_reg(u, IER, 0);
		if (read_reg(u, SCR) != patterns[i])
			return false;
	}
	return true;
}

static bool loops_back(const struct uart *u)
{
	u64 lines;

	write_reg(u, MCR, put(MCR_LOOP, 1) | put(MCR_RTS, 1) | put(MCR_OUT2, 1));
	lines = get(read_reg(u, MSR), MSR_LINES);
	write_reg(u, MCR, put(MCR_DTR, 1) | put(MCR_RTS, 1));
	return lines == LOOPED_RTS_OUT2;
}

bool uart_start(struct uart *u)
{
	const char *why = !has_scratch(u)         ? "nothing answers"
			  : !drained(u, LSR_TEMT) ? "its transmitter never drains"
			  : !loops_back(u)        ? "its modem lines do not loop back"
						  : NULL;

	if (why) {
		note("uart=%s port=%#x unused: %s", u->console.name, u->port, why);
		return false;
	}
	write_reg(u, LCR, put(LCR_DLAB, 1));
	write_reg(u, DLL, DIVISOR_115200);
	write_reg(u, DLM, 0);
	write_reg(u, LCR, put(LCR_WLS, WLS_8_BITS));
	write_reg(u, IER, 0); /* the one before was DLM if firmware left DLAB set */
	write_reg(u, FCR, put(FCR_ENABLE, 1) | put(FCR_CLEAR_RX, 1) | put(FCR_CLEAR_TX, 1));
	u->fifo = get(read_reg(u, IIR), IIR_FIFOS) == FIFOS_WORK ? FIFO_BYTES : 1;
	u->room = 0;
	u->console.write = uart_write;
	/* Firmware that has its console here, or a loader's menu, leaves off anywhere in a line. */
	uart_write(&u->console, "\n", 1);
	console_add(&u->console);
	return true;
}
