#pragma once
#include "kernel/addr.h"

/* What a loader told, in one form whatever the loader. Filled by boot/, pure data. */

enum { BOOT_RANGES_MAX = 128, BOOT_CMDLINE_MAX = 1024 };

/* RAM that the kernel may use; page-aligned inwards, sorted, disjoint, without image and page 0. */
struct boot_range {
	struct pa base;
	u64 size;
};

enum boot_screen { SCREEN_NONE, SCREEN_TEXT /* EGA cells */, SCREEN_RGB /* direct colour */ };

struct boot_info {
	const char *loader; /* "multiboot2: GRUB 2.06", "pvh" */
	char loader_name[64];
	char cmdline[BOOT_CMDLINE_MAX];
	bool cmdline_cut; /* longer than that: the rest is lost */
	unsigned ranges;
	bool ranges_cut;
	struct boot_range ram[BOOT_RANGES_MAX];
	u8 rsdp[36]; /* a copy; rsdp_len 0, 20 or 36 */
	unsigned rsdp_len;
	struct pa rsdp_pa; /* PVH gives the address instead */
	enum boot_screen screen;
	struct pa fb;
	u32 fb_pitch, fb_width, fb_height; /* bytes; pixels or cells */
	u8 fb_bpp, red_pos, red_size, green_pos, green_size, blue_pos, blue_size;
};
