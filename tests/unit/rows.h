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

/* By a first stage; what it fetches from its rings before must not be what is refused. */
enum {
	UNIT_READS = NEED_READ | NEED_DIRECT | NEED_MARKS,
	UNIT_WRITES = NEED_WRITE | NEED_DIRECT | NEED_MARKS
};

/* By a second stage. */
enum {
	UNIT_SECOND_READS = NEED_READ | NEED_DIRECT | NEED_SECOND,
	UNIT_SECOND_WRITES = NEED_WRITE | NEED_DIRECT | NEED_SECOND,
};
/* Of a second stage: neither right, or the one that is asked for is missing. */
enum { NO_RIGHTS = 0x79, NO_WRITE = 0x85, NO_READ = 0x86 };

/* Where an emulator has no memory; what hardware does there, nobody knows. */
enum { UNIT_HOLE_BIT = 46 };
#define UNIT_HOLE (1ull << UNIT_HOLE_BIT)

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
	u8 other;    /* this reason would do too; 0: none */
	bool lands;  /* it is not refused at all */
	int unless;  /* field of ECAP: a unit that has it does not refuse it; 0: all do */
	bool passes; /* it is about pass-through, and in need of that */
};
void unit_fault(const struct unit_row *row, struct unit_run *r);

/* U09: A and D of a leaf, and A of the tables above it, which begin with 0. */
enum unit_marks {
	MARKS_AFTER,         /* one access */
	MARKS_AFTER_READ,    /* a read, which the IOTLB remembers, and then the access */
	MARKS_AFTER_REFUSAL, /* a write where R/W=0 */
	MARKS_KERNELS,       /* by a leaf with U/S=0 in the upper half, as the kernel's are */
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
enum {
	UNIT_ADDRESS_BITS = -1, /* from the width of physical addresses on, */
	UNIT_DID_BITS = -2,     /* from that of domain ids on, in a PASID entry, */
	UNIT_PDTS_BITS =
		-3, /* or of PASIDs in the directory, in a context entry: behind it are entries for others */
};
enum unit_leaf_at { LEAF_IN_PT, LEAF_IN_PD, LEAF_IN_PDPT };
struct reserved_row {
	struct unit_row row;
	enum unit_entry entry;
	int first, last;
	u8 reason;
	int unless;      /* field of ECAP: a unit that has it has a use for them; 0: none has */
	u8 used;         /* the reason then; 0: not to be told here */
	u8 unless_pages; /* enum pg_level: a unit that has such pages has a use for them */
	enum unit_leaf_at leaf;
	bool nxe_0; /* with NXE=0 in the PASID entry */
};
void unit_reserved(const struct unit_row *row, struct unit_run *r);

/*
 * U01: some pages are read, their translations changed, a descriptor executed: those that it names must be gone. Where it
 * names none of what is cached nothing must be; what goes all the same is a fact.
 */
enum unit_page {
	PAGE_AT = 1,    /* UNIT_VA, a leaf of 4 KiB */
	PAGE_NEXT = 2,  /* the page behind it */
	PAGE_FAR = 4,   /* the eighth from UNIT_VA on */
	PAGE_LARGE = 8, /* in a leaf of 2 MiB */
	PAGE_ALL = 15,
};
enum unit_scope {
	/* Of a page, whose entry is changed. */
	IOTLB_NONE,
	IOTLB_GLOBAL,
	IOTLB_DOMAIN,
	IOTLB_PAGES,
	PIOTLB_ALL,
	PIOTLB_PAGES,
	/* Of a context entry, which is changed; PASID cache and IOTLB forget everything too. */
	CC_GLOBAL,
	CC_DOMAIN,
	CC_DEVICE,
	/* Of a PASID entry, likewise; the IOTLB forgets everything too. */
	PC_GLOBAL,
	PC_DOMAIN,
	PC_PASID,
};
enum { OWN, ANOTHER };
#define UNIT_PAGE_IN_LARGE (~0u) /* or the one that is read in the large leaf */
struct invalidate_row {
	struct unit_row row;
	u8 scope;           /* enum unit_scope */
	u8 did, pasid, sid; /* the right one, or another */
	u8 fm;              /* of CC_DEVICE */
	u32 page;           /* number, from UNIT_VA's on, */
	u8 am;
	u8 ih;
	u8 gone; /* a set of enum unit_page */
};
void unit_invalidation(const struct unit_row *row, struct unit_run *r);

/*
 * U01 too: a descriptor that must be refused. Bits are made the other value one after the other, or the whole is tried as it
 * stands. A wait gets an address for its status.
 */
enum { UNIT_AS_IT_STANDS = -1 };
struct refused_row {
	struct unit_row row;
	u64 low, high;
	int first, last;
	bool too_large; /* AM=MAMV+1 */
	bool widest;    /* IM=MHMV */
	bool taken;     /* and that is right */
};
void unit_refused(const struct unit_row *row, struct unit_run *r);

/* U01 too: a wait descriptor, and which of its two ways to say that it is over are asked for. */
struct wait_row {
	struct unit_row row;
	bool status, interrupt, fence;
};
void unit_wait(const struct unit_row *row, struct unit_run *r);

/*
 * U01 of a device that keeps translations: it has three pages, PAGE_AT to PAGE_FAR; those that a descriptor names must be gone. What else
 * goes is a fact.
 */
enum unit_device_scope { DTLB_NONE, DTLB_PAGES, DTLB_OF_PASID, DTLB_OF_EVERY_PASID };
struct device_tlb_row {
	struct unit_row row;
	u8 scope;      /* enum unit_device_scope */
	u8 sid, pasid; /* the right one, or another */
	u8 page;       /* number, from the first on, */
	u8 order;
	u8 gone; /* a set of enum unit_page */
};
void unit_device_tlb(const struct unit_row *row, struct unit_run *r);

/*
 * U01 too: the pages of a block, from a multiple of its size on, are all read, and the entries of all change. Those from `first` to `last` are
 * told, as one block that `first` is in, or as two, and must be gone; what else goes is a fact.
 */
enum { ONE_BLOCK = 0xff };
struct range_row {
	struct unit_row row;
	u16 pages, first, last;
	u8 order, order_of_last; /* ONE_BLOCK: there is no second */
};
void unit_range(const struct unit_row *row, struct unit_run *r);

/* U01 too: a descriptor in half of its bits, in a queue of such. */
struct narrow_row {
	struct unit_row row;
	u64 low;
};
void unit_narrow(const struct unit_row *row, struct unit_run *r);

/* U04: a leaf of some size, and where in it, or beside it, an access is. */
enum unit_where {
	IN_FIRST_PAGE, /* of 2 MiB that are ours */
	IN_MIDDLE_PAGE,
	IN_LAST_PAGE,
	IN_UPPER_HALF,  /* where a kernel's addresses are */
	IN_PAGE_BEFORE, /* not mapped */
	IN_PAGE_BEHIND,
	/* Around addresses of interrupts: the result is, */
	RESULT_AT,
	/* or the request. */
	REQUEST_AT,
};
struct large_row {
	struct unit_row row;
	u8 level;         /* enum pg_level */
	u8 where, access; /* enum vtd_access */
	u64 address;      /* RESULT_AT, REQUEST_AT: this */
	u8 reason;        /* 0: it is not refused */
};
void unit_large(const struct unit_row *row, struct unit_run *r);

/* U05: an entry of some level is cleared, or replaced, and what goes by it is invalidated; above page tables as table 28 has it. */
enum unit_how { BY_PAGE, BY_PASID, BY_TABLE_28 };
struct level_row {
	struct unit_row row;
	u8 entry; /* enum unit_entry */
	bool replaced;
	u8 how; /* enum unit_how */
};
void unit_level(const struct unit_row *row, struct unit_run *r);

/* U08: R/W=0 in an entry, for every engine that writes; `read` before: the IOTLB has it. */
struct read_only_row {
	struct unit_row row;
	u8 entry; /* enum unit_entry */
	bool read;
};
void unit_read_only(const struct unit_row *row, struct unit_run *r);

/* U06: a PASID entry changes; PASID-cache and PASID-IOTLB descriptors for what it was are all that the manual asks for. */
enum unit_walk { BY_NOTHING, BY_TABLES, BY_OTHER_TABLES, PASSED_THROUGH };
struct type_row {
	struct unit_row row;
	u8 from, to; /* enum unit_walk */
	bool other_did;
	bool in_place; /* or P is cleared first, and that invalidated */
	u8 access;     /* enum vtd_access */
};
void unit_type(const struct unit_row *row, struct unit_run *r);

/* U06 too: RID_PASID names another PASID, with other tables. U03: is a PASID recorded for a request that had none? */
void unit_rid_pasid(const struct unit_row *row, struct unit_run *r);
void unit_untagged(const struct unit_row *row, struct unit_run *r);

/*
 * U06 too: one access in another translation table mode. Legacy mode, and TTM=10b, have a root table of their own, which leads to
 * the page tables of the scalable mode, and in that a field is changed; UNIT_VA is the new frame by then, and the old one cached.
 */
enum { LEGACY_PASS_THROUGH = 2 }; /* TT */
struct mode_row {
	struct unit_row row;
	u8 ttm;            /* enum vtd_ttm, or what is reserved */
	u8 entry;          /* enum unit_entry */
	u8 access;         /* enum vtd_access */
	u8 reason;         /* 0: it is not refused */
	int field, unless; /* as in a fault_row */
	u64 value,
		va; /* likewise; an address that is not refused has no page, and is not recorded */
	u64 offers; /* no access, but a descriptor with this first word, which has no place in that mode */
	bool alone; /* SRTP alone, while translation is on; or without it, and global invalidations follow */
	bool nowhere; /* the root table is where no memory is */
	bool back; /* the access that counts is one in scalable mode again, and UNIT_VA the old frame */
};
void unit_mode(const struct unit_row *row, struct unit_run *r);

/* U03 too: more faults than the unit has records. */
void unit_overflow(const struct unit_row *row, struct unit_run *r);
void unit_compressed(const struct unit_row *row, struct unit_run *r);

/* U07: an access that is translated and not over while its page is invalidated. */
struct flight_row {
	struct unit_row row;
	bool all; /* of the PASID */
};
void unit_flight(const struct unit_row *row, struct unit_run *r);
