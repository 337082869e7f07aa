#pragma once
#include "iommu/vtd_unit.h"

/* How the tables of a unit are changed while it reads them. Boot CPU, unit started. */

/* One aligned store that a walk of the unit may meet at any moment, visible to it on return. */
void vtd_store(const struct vtd_unit *u, volatile u64 *word, u64 v);

/*
 * The words that count only when the first says Present go first. An entry is within one cache line, so a unit that does
 * not snoop cannot see the first word without the others either.
 */
void vtd_publish(const struct vtd_unit *u, u64 *entry, const u64 *words, unsigned n);

/* What is left of an entry that nobody remembers: only its first word was cleared before. */
void vtd_wipe(const struct vtd_unit *u, u64 *entry, unsigned n);

/* 2^order zeroed frames that the unit sees as such. */
struct pa vtd_new_table(const struct vtd_unit *u, unsigned order);

/* Entries became present: only a unit that caches absence, or whose write buffer is its own, must hear. */
enum vtd_status vtd_appeared(struct vtd_unit *u, const struct vtd_desc *desc, unsigned n);
