#pragma once
#include "kernel/types.h"

/*
 * A test that does not come back. Every CPU's APIC timer looks, and on the boot CPU an NMI of its performance
 * counter, where it has one. When the boot CPU gave no sign for the deadline, counted from the first look that could
 * have seen one, all calls that CPUs are in are ended (kernel/rescue.h); the run, if 20 s later still nobody is in
 * one. The other CPUs look a second later: they are for a boot CPU that has its interrupts off.
 * What nobody sees: a machine with one CPU and no such counter, that hangs with interrupts off. There the host's
 * deadline for silence ends the run.
 */
void watchdog_init(void);
void watchdog_arm(u64 deadline_ms);
/* A sign: the same deadline, from now. A store, cheap enough for every order. Boot CPU. */
void watchdog_again(void);
void watchdog_disarm(void);
