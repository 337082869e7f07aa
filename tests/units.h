#pragma once
#include "kernel/acpi_dmar.h"
#include "kernel/pci.h"

/*
 * All remapping units, and in which order they change hands: no function masters the bus while nobody translates for it for whom
 * somebody did. Boot CPU.
 */
struct vtd_unit;

/*
 * Probe every unit and switch off what firmware left on; those that do not follow are left alone. So are those of displays, which go on
 * reading the screen by what firmware, or who started us, has translated for them. After pci_quiesce_all(), once.
 */
void units_take_over(const struct dmar *dmar);

/* The unit that serves a function, if it can do what we need; else NULL, and the reason if there is one. */
struct vtd_unit *unit_for(const struct pci_function *f, const char **why_not);

/* Translation on, by which memory that firmware reserved is all that there is. False, after a note, if the unit does not follow. */
bool unit_start(struct vtd_unit *u);

/* After those for engines: the units of functions that wait for reserved memory. Others stay held, with a note. */
void units_for_held(void);

/* Engines are detached. Every unit off; false if one does not follow. */
bool units_stop(void);
