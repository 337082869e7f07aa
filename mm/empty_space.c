#include "mm/empty_space.h"
#include "mm/frame.h"
#include "mm/kmap.h"

enum { ENTRIES = PAGE_SIZE / sizeof(u64) };

struct pa empty_root;

void empty_space_init(void)
{
	const u64 *from = direct(kernel_root);

	empty_root = frame_alloc(FRAME_TABLE);
	u64 *to = direct(empty_root);
	for (unsigned i = ENTRIES / 2; i < ENTRIES; i++)
		to[i] = from[i];
}
