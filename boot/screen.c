/* Pure: is a loader's description of the screen consistent? */
#include "boot/screen.h"

enum { CELL_BYTES = 2, COLOUR_BITS_MAX = 8, SIDE_MAX = 16384 };
#define ADDRESS_END (1ull << 52)

static bool colour_fits(const struct boot_info *b, unsigned pos, unsigned size)
{
	return size >= 1 && size <= COLOUR_BITS_MAX && pos + size <= b->fb_bpp;
}

static u32 cell_bytes(const struct boot_info *b)
{
	bool depth = b->fb_bpp == 15 || b->fb_bpp == 16 || b->fb_bpp == 24 || b->fb_bpp == 32;

	if (b->screen == SCREEN_TEXT)
		return CELL_BYTES;
	return b->screen == SCREEN_RGB && depth && colour_fits(b, b->red_pos, b->red_size) &&
			       colour_fits(b, b->green_pos, b->green_size) &&
			       colour_fits(b, b->blue_pos, b->blue_size)
		       ? (b->fb_bpp + 7u) / 8
		       : 0;
}

bool screen_usable(const struct boot_info *boot)
{
	u32 bytes = cell_bytes(boot);

	/* At most 2^14 lines of 2^32 bytes: the sums cannot overflow. */
	return bytes && boot->fb.v && boot->fb.v < ADDRESS_END && boot->fb_width &&
	       boot->fb_height && boot->fb_width <= SIDE_MAX && boot->fb_height <= SIDE_MAX &&
	       boot->fb_width * bytes <= boot->fb_pitch &&
	       boot->fb.v + (u64)boot->fb_pitch * boot->fb_height <= ADDRESS_END;
}
