#pragma once
#include "kernel/types.h"

/*
 * Measure the TSC for 10 ms in all against the ACPI PM timer (port; 0: there is none) or the 8254, or take
 * CPUID's word. Returns the clock's name; NULL if there is none: tsc_per_ms stays a guess that makes
 * deadlines longer. Boot CPU, once. SDM 3B 18.17, ACPI 4.8.3.3.
 */
const char *clock_calibrate(u16 pm_timer_port);
