#pragma once
#include "iommu/vtd_unit.h"

/*
 * What a unit walks: the CPUs' own tables, or tables that software keeps for it alone, a mirror of the CPUs' as KVM or a driver
 * with page tables of its own has it. Who stores leaves of the latter must say what they are by vtd_table_leaf().
 */

/*
 * The CPUs' tables as an address space of the unit, by its first stage, or by its second stage if it has no other. pml4: their
 * root; lowest: the table of their lowest 512 GiB, which is all that a second stage gets to see, because
 * U/S=0 would not keep it from the kernel's half. Boot CPU, unit started.
 */
struct vtd_space vtd_shared_space(struct vtd_unit *u, struct pa pml4, struct pa lowest, u16 did);

struct vtd_table {
	struct vtd_unit *unit;
	struct vtd_space space;
};

/* An empty one: in the second stage's format, or the first's if the unit has no second. Boot CPU, unit started. */
struct vtd_table vtd_table_new(struct vtd_unit *u, u16 did);

/*
 * The entry of a page, tables down to it built where they are missing, visible to the unit's walker. They stay. Boot CPU; a
 * walk may be going on.
 */
volatile u64 *vtd_table_entry(const struct vtd_table *t, struct iova page);

/* A leaf in its format; A and D set where there is such a thing. Not writable unless it says so. */
u64 vtd_table_leaf(const struct vtd_table *t, struct pa pa, bool writable);
