#pragma once
#include "kernel/acpi.h"

/*
 * How to switch the machine off: sleeping state S5. What to write is said by the package \_S5_, in AML, where by the Fixed ACPI
 * Description Table (ACPI 6.4, 4.8.3.2.1 and 7.4.2). No AML is executed, so that firmware does not hear of it (\_PTS).
 */
struct acpi_off {
	const char *lacks; /* why it cannot be done, in words; NULL if it can */
	bool reduced;      /* port[0] is the sleep control register, and there is no other */
	u16 port[2];       /* PM1a and PM1b control; 0: none */
	u8 type[2];        /* SLP_TYPx */
	u16 smi_port; /* written smi_value, it makes SCI_EN come, if that is not set; 0: it always is */
	u8 smi_value;
};

/* Fills out in any case. While the boot tables are in use. */
void acpi_off(const struct acpi *acpi, struct acpi_off *out);

/*
 * The first package of that name in these bytes of AML that has two sleep types in front; false if there is none. Not parsed but looked
 * for: a name is preceded by NameOp.
 */
bool acpi_s5(const u8 *aml, size_t len, u8 type[2]);
