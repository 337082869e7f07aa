/* Pure: U09, A and D for every combination of what they were, page size and access. */
#include "mm/pte.h"
#include "tests/unit/rows.h"

#define ONE(id, size, level, a, d)                                                                \
	{ { "U09.read_" id, "a read of a " size " page with A=" #a " D=" #d, UNIT_READS, NULL },  \
	  level,                                                                                  \
	  a,                                                                                      \
	  d,                                                                                      \
	  VTD_READ,                                                                               \
	  MARKS_AFTER },                                                                          \
	{                                                                                         \
		{ "U09.write_" id, "a write to a " size " page with A=" #a " D=" #d, UNIT_WRITES, \
		  NULL },                                                                         \
			level, a, d, VTD_WRITE, MARKS_AFTER                                       \
	}
/* clang-format off */
#define ALL(id, size, level) \
	ONE(id "_a0d0", size, level, 0, 0), ONE(id "_a0d1", size, level, 0, 1), \
	ONE(id "_a1d0", size, level, 1, 0), ONE(id "_a1d1", size, level, 1, 1)
/* clang-format on */

static const struct marks_row marks[] = {
	ALL("4k", "4 KiB", PG_4K),
	ALL("2m", "2 MiB", PG_2M),
	ALL("1g", "1 GiB", PG_1G),
	{ { "U09.write_after_read", "a write where a read has brought the IOTLB entry",
	    UNIT_READS | NEED_WRITE, NULL },
	  PG_4K,
	  0,
	  0,
	  VTD_WRITE,
	  MARKS_AFTER_READ },
	{ { "U09.write_refused", "a write that R/W=0 refuses leaves D clear", UNIT_WRITES, NULL },
	  PG_4K,
	  0,
	  0,
	  VTD_WRITE,
	  MARKS_AFTER_REFUSAL },
	{ { "U09.read_kernels",
	    "a read of a page of the kernel's half, where U/S=0, leaves D clear", UNIT_READS,
	    NULL },
	  PG_4K,
	  0,
	  0,
	  VTD_READ,
	  MARKS_KERNELS },
	{ { "U09.read_no_snoop", "A is to be set, and PWSNP=0", UNIT_READS, NULL },
	  PG_4K,
	  0,
	  0,
	  VTD_READ,
	  MARKS_NO_SNOOP },
	{ { "U09.write_no_snoop", "D is to be set, and PWSNP=0", UNIT_WRITES, NULL },
	  PG_4K,
	  1,
	  0,
	  VTD_WRITE,
	  MARKS_NO_SNOOP },
};
UNIT_TABLE(marks, unit_marks, "VT-d 3.6.2");
