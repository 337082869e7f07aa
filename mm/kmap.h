#pragma once
#include "mm/pagetable.h"

struct boot_info;

/*
 * The kernel's own address space (kernel/addr.h). One root for every CPU; its lower half belongs to
 * the tests and is what the IOMMU's first stage walks. No entry is global: a CR3 load forgets all.
 */
extern struct pa kernel_root;
/* The tables below it, reached through the direct map. */
extern struct pt_memory kernel_tables;

/* Where the byte at virtual address KERNEL is: the image may have been moved. Set before kmap_init(). */
extern u64 kernel_phys;
/* Of something in the image (statics), which the direct map does not show. */
static inline struct pa image_pa(const void *p)
{
	return (struct pa){ (u64)p - KERNEL + kernel_phys };
}

/*
 * Build the final tables and load them on this CPU, after frame_init(): all RAM at DIRECT_MAP, the image
 * W^X at KERNEL and nowhere else, nothing else. What only the boot tables mapped (firmware's memory, the
 * screen) is gone afterwards. Boot CPU, once.
 */
void kmap_init(const struct boot_info *boot);

/*
 * Read the tables back: W^X, no second mapping of the image, lower half empty, guard pages, page 0.
 * A note says what was found; panics when it is not so. Boot CPU, once the stacks are mapped and
 * while the lower half is empty.
 */
void kmap_check(void);

/*
 * Map one page one to one, executable, and writable in the direct map: where the other CPUs wake up.
 * kunmap_identity() forgets it on this CPU; the others load CR3 before they use that address for
 * something else.
 */
void kmap_identity(struct pa page);
void kunmap_identity(struct pa page);

/*
 * Some IOMMU's walks do not snoop: every table is flushed from the caches now, and from now on each
 * store to one. Boot CPU, before that IOMMU is given kernel_root.
 */
void kmap_walkers_do_not_snoop(void);
