#include "mm/stack.h"
#include "mm/frame.h"
#include "mm/kmap.h"

unsigned stacks_mapped;

static struct va next = { STACKS };

u64 stack_map(unsigned pages)
{
	u32 flags = PAGE_WRITE | PAGE_ACCESSED | PAGE_DIRTY;

	next.v += PAGE_SIZE; /* the guard */
	for (unsigned i = 0; i < pages; i++, next.v += PAGE_SIZE)
		pt_set(&kernel_tables, pt_entry(&kernel_tables, kernel_root, next, PG_4K),
		       pte_leaf(PG_4K, frame_alloc(FRAME_STACK), flags));
	stacks_mapped++;
	return next.v;
}
