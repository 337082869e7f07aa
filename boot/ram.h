#pragma once
#include "kernel/boot_info.h"

/*
 * From a loader's memory map to the list in struct boot_info: sorted, disjoint, whole pages; where
 * entries overlap, reserved wins. In this order: ram_map() once, ram_remove() for every range that
 * is taken, ram_pages() last.
 */

/* Entries as Multiboot 2 and PVH have them: u64 base, u64 size, u32 type (1: RAM), every stride bytes. */
enum { RAM_ENTRY = 20 };
void ram_map(struct boot_info *boot, const u8 *entry, size_t count, size_t stride);

/* Not free: this range. If it splits a range and the list is full, the smaller piece is lost. */
void ram_remove(struct boot_info *boot, struct boot_range taken);

/* Clip to whole pages inwards and drop page 0. */
void ram_pages(struct boot_info *boot);

/*
 * Pages below 1 MiB stay in the list (but for page 0). Real-mode start-up code of the other CPUs has to
 * lie there: call this before frames are given out. Takes the highest page below 0xa0000 out of the
 * list; 0 if there is none.
 */
struct pa ram_take_low_page(struct boot_info *boot);
