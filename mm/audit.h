#pragma once
#include "mm/pagetable.h"

/*
 * What must hold of the kernel's address space before a test changes its lower half. Pure: the tables
 * are read, nothing else is believed.
 */
struct audit {
	/* Of the image, virtual. */
	u64 text, text_end, rodata_end, image_end;
	struct pa image; /* where virtual address KERNEL is */

	u64 leaves; /* found */
	unsigned
		stacks; /* runs of pages in the stack area, each with a page below that is not mapped */
	u64 run_end;
};

/* NULL, or the first rule that is broken, as the end of a sentence that begins with the page *at. */
const char *audit(struct audit *a, const struct pt_memory *m, struct pa root, struct va *at);
