#include "boot/again.h"
#include "kernel/kept.h"
#include "kernel/string.h"
#include "mm/kmap.h"

/* linker.ld: where the image is linked to be loaded; .data, its size and the room for a copy of it. */
extern const u8 LOAD[], __data_start[], __data_size[];
extern u8 __data_kept[];
extern const u8 entry_pvh[], entry_multiboot2[];

/* boot/enter_again.S. All three physical: what to jump to, what the loader told, where the image is. */
__attribute__((noreturn)) void enter_again(u64 entry, u64 info, u64 image);

static KEPT struct {
	bool known;
	enum protocol protocol;
	u32 info;
} loader;

void again_remember(enum protocol protocol, u32 info)
{
	if (loader.known)
		return;
	loader.known = true;
	loader.protocol = protocol;
	loader.info = info;
	memcpy(__data_kept, __data_start, (u64)__data_size);
}

void again(void)
{
	const u8 *entry = loader.protocol == PROTOCOL_PVH ? entry_pvh : entry_multiboot2;

	enter_again((u64)entry - (u64)LOAD + kernel_phys, loader.info, kernel_phys);
}
