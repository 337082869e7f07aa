#pragma once
#include "kernel/acpi_spcr.h"
#include "kernel/boot_info.h"

/* Where the log goes. Each gets all of it, also what was said before it came. Boot CPU. */
void console_com1(void);

/* A serial port of firmware's that is not COM1. After kmap_init(), as the screen. */
void console_of_firmware(const struct spcr *spcr);
void console_screen(const struct boot_info *boot);
