#pragma once
#include "kernel/addr.h"

/*
 * The local APIC, in x2APIC mode where the CPU has it, else through its page. SDM 3A chapter 10.
 * apic_init: the boot CPU, once, after device_map() works; base is the MADT's word, used in xAPIC mode.
 */
void apic_init(struct pa base);
/* The calling CPU's own: mode, spurious vector, everything else masked. */
void apic_enable(void);
bool apic_is_x2(void);
u32 apic_id(void);
void apic_eoi(void);

/* The calling CPU's timer, periodic, some ten times a second at bus clocks of today. SDM 3A 10.5.4 */
void apic_timer_start(u8 vector);

/* To one CPU; waits, bounded, for delivery of the one before. Mode as SDM 3A 10.6.1; vector: of a
 * startup IPI the page number. */
enum apic_mode { APIC_FIXED = 0, APIC_NMI = 4, APIC_INIT = 5, APIC_STARTUP = 6 };
void apic_send(u32 id, enum apic_mode mode, u8 vector);
