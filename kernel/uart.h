#pragma once
#include "kernel/console.h"

/* A 16550 UART: at a port, or at device memory with its registers stride bytes apart. */
struct uart {
	struct console console; /* first */
	unsigned fifo, room;    /* uart.c's own: bytes that the transmitter takes when empty; now */
	u16 port;               /* 0: none, see mmio */
	volatile u8 *mmio;      /* as device_map() gave it */
	unsigned stride; /* 1: 8-bit accesses; 4: 32-bit accesses (SPCR, register width 32) */
};

enum { UART_COM1 = 0x3f8 };

/*
 * Look for the UART, set it to 115200 8N1 with FIFO, no interrupts, and add it as a console; false
 * with a note when nothing answers there. The caller fills name and place and leaves the structure
 * alone for good:
 *	static struct uart com1 = { .console.name = "com1", .port = UART_COM1 };
 * Boot CPU, before or after the TSC is measured.
 */
bool uart_start(struct uart *u);
