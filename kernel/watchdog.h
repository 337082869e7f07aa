#pragma once
#include "kernel/types.h"

/*
 * A test that does not come back: the boot CPU's APIC timer looks a few times a second whether the
 * deadline has passed, and then ends the run with a sentence that names the test. It cannot see a boot
 * CPU that hangs with interrupts off.
 */
void watchdog_init(void);
void watchdog_arm(u64 deadline_ms);
/* The same deadline, from now. */
void watchdog_again(void);
void watchdog_disarm(void);
