#include "boot/consoles.h"
#include "kernel/fbcon.h"
#include "kernel/mmio.h"
#include "kernel/print.h"
#include "kernel/uart.h"
#include "mm/device_map.h"

void console_com1(void)
{
	static struct uart com1 = { .console.name = "com1", .port = UART_COM1 };

	uart_start(&com1);
}

void console_of_firmware(const struct spcr *spcr)
{
	static struct uart uart = { .console.name = "spcr" };

	if (!spcr->address || (spcr->io && spcr->address == UART_COM1))
		return;
	if (spcr->io)
		uart.port = (u16)spcr->address;
	else
		uart.mmio = device_map((struct pa){ spcr->address & ~(PAGE_SIZE - 1) }, PAGE_SIZE);
	if (!spcr->io && !uart.mmio)
		return;
	if (!spcr->io)
		uart.mmio += spcr->address & (PAGE_SIZE - 1);
	uart.stride = spcr->access_bytes == 4 ? 4 : 1;
	uart_start(&uart);
}

void console_screen(const struct boot_info *boot)
{
	static struct fbcon screen;
	const char *why;

	if (!fbcon_bytes(boot))
		return;
	void *mem = device_map_wc(boot->fb, fbcon_bytes(boot));
	if (!mem)
		return;
	why = fbcon_init(&screen, boot, mem);
	if (why)
		note("screen: %s", why);
	else
		console_add(&screen.console);
}
