#pragma once
#include "iommu/vtd_fault.h"
#include "iommu/vtd_inval.h"
#include "iommu/vtd_regs.h"
#include "tests/listing.h"
#include "tests/unit/unit.h"

/* What tables of cases are made of, and what executes them. */

/* From the root table to the leaf, of the engine and of UNIT_VA. */
enum unit_entry {
	UNIT_ROOT, /* the half of the root entry that has the engine's context table */
	UNIT_CONTEXT,
	UNIT_PASID_DIR,
	UNIT_PASID,
	UNIT_PML4E,
	UNIT_PDPTE,
	UNIT_PDE,
	UNIT_PTE,
	UNIT_ENTRIES,
};

/* No index is 0. */
#define UNIT_VA 0x8080604000ull

/* Every case needs a device that reads by a first stage, and tells what it read. */
enum { UNIT_READS = NEED_READ | NEED_MARKS, UNIT_WRITES = NEED_WRITE | NEED_MARKS };

/* U03: a field of an entry is changed, everything is invalidated, and an access of UNIT_VA must be refused; or one of `va`. */
enum { UNIT_NO_FIELD = -1 };
struct fault_row {
	struct unit_row row;
	enum unit_entry entry;
	int field;
	u64 value;
	enum vtd_access access;
	u8 reason; /* 0: none is recorded */
	u64 va;
};
void unit_fault(const struct unit_row *row, struct unit_run *r);

/* U09: A and D of a leaf, and A of the tables above it, which begin with 0. */
enum unit_marks {
	MARKS_AFTER,         /* one access */
	MARKS_AFTER_READ,    /* a read, which the IOTLB remembers, and then the access */
	MARKS_AFTER_REFUSAL, /* a write where R/W=0 */
	MARKS_NO_SNOOP,      /* the PASID entry does not let walks snoop */
};
struct marks_row {
	struct unit_row row;
	u8 level, a, d; /* enum pg_level, before */
	enum vtd_access access;
	enum unit_marks how;
};
void unit_marks(const struct unit_row *row, struct unit_run *r);

/*
 * U02: bits of an entry, one after the other, are made 1 (some fields: the other value), and a read must be refused for this
 * reason; 0: bits that are ignored, it must not. They are counted from the entry's first word on.
 */
enum { UNIT_ADDRESS_BITS = -1 }; /* from the width of physical addresses on */
enum unit_leaf_at { LEAF_IN_PT, LEAF_IN_PD, LEAF_IN_PDPT };
struct reserved_row {
	struct unit_row row;
	enum unit_entry entry;
	int first, last;
	u8 reason;
	int unless; /* field of ECAP: a unit that has it has a use for them; 0: none has */
	enum unit_leaf_at leaf;
	bool nxe_0; /* with NXE=0 in the PASID entry */
};
void unit_reserved(const struct unit_row *row, struct unit_run *r);
