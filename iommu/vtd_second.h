#pragma once
#include "kernel/addr.h"
#include "kernel/bits.h"

/*
 * Entries of second-stage page tables (VT-d 9, second-stage paging entries), as the IOMMU alone walks them:
 * rights are R and W, there is no U/S and no global, and A and D are nobody's as long as the unit is not told to set them
 * (SSADE = 0). Pure.
 *
 * What an x86-64 entry says of a page and whether it may be read or written, a second stage reads as it is meant: P is at
 * the place of R, R/W at that of W, PS and the address are at their own; U/S, PWT, PCD, A, D, G and XD are
 * ignored. Hence a unit without first stage can walk the CPUs' own tables, if
 *   - an entry that is not present has R/W clear too, or it would be one that may be written,
 *   - bit 11, which is SNP or reserved, is clear, and so is the PAT bit of a large page,
 *   - nothing that a device shall not reach is in the tables it is given: U/S hides nothing from it.
 * It then sets neither A nor D, and a page that is not executable or for the kernel only is like any other.
 */
#define VTD_SS_FIELDS(F)                                            \
	F(VTD_SS_R, 0, 0)                                           \
	F(VTD_SS_W, 1, 1)                                           \
	F(VTD_SS_PS, 7, 7) /* a leaf above the last level */        \
	F(VTD_SS_A, 8, 8)  /* only with SSADE */                    \
	F(VTD_SS_D, 9, 9)                                           \
	F(VTD_SS_SNP, 11, 11) /* snoop; reserved without ECAP.SC */ \
	F(VTD_SS_ADDR, 51, 12)
enum { VTD_SS_FIELDS(AS_ENUM) };

enum vtd_right { VTD_SS_READ = 1, VTD_SS_WRITE = 2 };

/* An entry that points to a table: it takes no right away. */
u64 vtd_second_table(struct pa table);

/* A leaf of 4 KiB. rights: a set of enum vtd_right; none: 0, not present. */
u64 vtd_second_leaf(struct pa pa, unsigned rights);
