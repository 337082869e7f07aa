#pragma once
#include "kernel/addr.h"

/*
 * Device interrupts are not used. Firmware may have left some on, a timer for example; without this the
 * first one after STI would be an exception nobody expects. Boot CPU, interrupts off.
 */

/* The 8259s: vectors moved off the exceptions, everything masked; a spurious one is ignored. 8259A data sheet. */
void irq_8259_off(void);

/* Every redirection entry of an IOAPIC but those for SMIs is masked. After device_map() works. 82093AA data sheet 3.2. */
void irq_ioapic_off(struct pa base);
