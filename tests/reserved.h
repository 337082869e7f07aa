#pragma once
#include "iommu/vtd_domain.h"
#include "kernel/acpi_dmar.h"
#include "kernel/pci.h"

/*
 * Functions for which firmware keeps buffers in memory (RMRR, VT-d 8.4): a board controller, a graphics engine. They go on with
 * their DMA: nobody stops it, and in front of them the unit maps what is reserved, one to one, and nothing else. Boot CPU.
 */

/* Which unit serves a function: dmar_unit_of() for one that is there. */
enum dmar_match reserved_unit_of(const struct dmar *dmar, const struct pci_function *f,
				 const struct dmar_unit **unit);

/* dmar_for_displays() for what is there: the unit is not to be touched. After pci_quiesce_all(). */
bool reserved_for_displays(const struct dmar *dmar, const struct dmar_unit *unit);

/* May it go on? Not one that can be an engine: it was taken from firmware. */
bool reserved_keeps(const struct dmar *dmar, const struct pci_function *f);

/*
 * Who still masters the bus behind a unit, bridges apart, and displays too if so said, stops, and what was posted has arrived: before
 * translation for them ends. And goes on: once a unit of ours translates for them. NULL: a note for each that stays held.
 */
void reserved_hold(const struct dmar *dmar, const struct dmar_unit *unit, bool displays);
void reserved_release(const struct dmar *dmar, const struct dmar_unit *unit);

/* Is one of those held behind that unit for which memory is reserved? */
bool reserved_waits(const struct dmar *dmar, const struct dmar_unit *unit);

/*
 * Attach those of them that master the bus, or are held, behind the unit that `served` describes, with one space for all, of domain did. Unit
 * started, translation off. False, after a note, if that is not possible: then it must not be switched on.
 */
bool reserved_attach(const struct dmar *dmar, const struct dmar_unit *served, struct vtd_unit *u,
		     u16 did);

/* How many are attached. */
unsigned reserved_attached(void);

/* Before vtd_stop(): all of them detached. False if the unit does not confirm. */
bool reserved_detach(void);
