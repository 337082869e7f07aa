#include "kernel/panic.h"
#include "kernel/print.h"
#include "mm/audit.h"
#include "mm/image.h"
#include "mm/kmap.h"
#include "mm/stack.h"

void kmap_check(void)
{
	struct audit a = { .text = (u64)__text_start,
			   .text_end = (u64)__text_end,
			   .rodata_end = (u64)__rodata_end,
			   .image_end = (u64)__image_end,
			   .image = image_pa(__image_start) };
	struct va at;
	const char *wrong = audit(&a, &kernel_tables, kernel_root, &at);

	if (wrong)
		panic("page %#lx %s", at.v, wrong);
	if (a.stacks != stacks_mapped)
		panic("%u stacks were mapped, %u have a guard page", stacks_mapped, a.stacks);
	note("kmap root=%#lx leaves=%lu stacks=%u: W^X, guarded, page 0 and the lower half "
	     "unmapped",
	     kernel_root.v, a.leaves, a.stacks);
}
