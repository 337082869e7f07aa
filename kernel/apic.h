#pragma once
#include "kernel/addr.h"

/*
 * The local APIC, in x2APIC mode where the CPU has it, else through its page. SDM 3A chapter 10.
 * apic_init: the boot CPU, once, after device_map() works. Firmware that does not want x2APIC mode to be entered
 * says so in DMAR: its SMI handlers may not know that mode.
 */
void apic_init(bool x2apic_unwelcome);
/* The calling CPU's own: mode, spurious vector, everything else masked. */
void apic_enable(void);
bool apic_is_x2(void);
u32 apic_id(void);
/* Can a CPU of that id be sent to? 255 is all of them in xAPIC mode, and nothing is beyond. */
bool apic_reaches(u32 id);
void apic_eoi(void);
/* Of every interrupt that is in service, for handlers that were left in the middle. SDM 3A 10.8.4 */
void apic_eoi_all(void);

/* The calling CPU's timer, periodic, twice a second at 24 MHz and more often at any faster clock. SDM 3A 10.5.4 */
void apic_timer_start(u8 vector);
/* An overflow of the calling CPU's performance counters is an NMI, once. SDM 3A 10.5.1 */
void apic_counter_nmi(void);

/* To one CPU; waits, bounded, for delivery of the one before. Mode as SDM 3A 10.6.1; vector: of a
 * startup IPI the page number. */
enum apic_mode { APIC_FIXED = 0, APIC_SMI = 2, APIC_NMI = 4, APIC_INIT = 5, APIC_STARTUP = 6 };
void apic_send(u32 id, enum apic_mode mode, u8 vector);
