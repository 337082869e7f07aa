/* Pure: draws into memory that the caller gives. */
#include "kernel/fbcon.h"
#include "kernel/bits.h"
#include "kernel/font.h"
#include "kernel/string.h"

enum {
	TAB = 8,
	SCALE_MAX = 4,
	WIDTH_SCALED_TWICE = 2560,
	LINE_BYTES_MAX = FONT_WIDTH * 4 * SCALE_MAX
};
enum { EGA_GREY_ON_BLACK = 0x0700, LEVEL_INK = 0xc0 };

/*
 * Never read, and written by the widest store there is: each goes out on its own to uncached memory.
 * Volatile, or a compiler makes memcpy of the loop.
 */
typedef volatile u64 __attribute__((aligned(1), may_alias)) store64;
typedef volatile u16 __attribute__((aligned(1), may_alias)) store16;

static void draw_pixels(const struct fbcon *f, unsigned row, unsigned col,
			const u8 glyph[FONT_HEIGHT])
{
	unsigned bytes = FONT_WIDTH * f->scale * f->pixel_bytes;
	u8 *at = f->mem + (size_t)row * FONT_HEIGHT * f->scale * f->pitch + (size_t)col * bytes;

	for (unsigned y = 0; y < FONT_HEIGHT; y++) {
		u64 line[LINE_BYTES_MAX / sizeof(u64)];
		u8 *p = (u8 *)line;

		for (unsigned x = 0; x < FONT_WIDTH * f->scale; x++) {
			u32 pixel = glyph[y] & 0x80 >> x / f->scale ? f->ink : 0;

			for (unsigned i = 0; i < f->pixel_bytes; i++, pixel >>= 8)
				*p++ = (u8)pixel;
		}
		for (unsigned i = 0; i < f->scale; i++, at += f->pitch) {
			for (unsigned w = 0; w < bytes / sizeof(u64); w++)
				((store64 *)at)[w] = line[w];
		}
	}
}

static void draw(const struct fbcon *f, unsigned row, unsigned col)
{
	u8 c = f->cell[row * f->cols + col];

	if (f->pixel_bytes)
		draw_pixels(f, row, col, font[c - FONT_FIRST]);
	else
		((store16 *)(f->mem + (size_t)row * f->pitch))[col] = EGA_GREY_ON_BLACK | c;
}

static void put_cell(struct fbcon *f, unsigned row, unsigned col, u8 c)
{
	u8 *cell = &f->cell[row * f->cols + col];

	if (*cell == c)
		return;
	*cell = c;
	draw(f, row, col);
}

/* Half a screen at once: then most lines are written once and moved once. */
static void new_line(struct fbcon *f)
{
	unsigned up = (f->rows + 1) / 2;

	f->col = 0;
	if (++f->row < f->rows)
		return;
	for (unsigned r = 0; r < f->rows; r++) {
		for (unsigned c = 0; c < f->cols; c++)
			put_cell(f, r, c, r + up < f->rows ? f->cell[(r + up) * f->cols + c] : ' ');
	}
	f->row = f->rows - up;
}

static void put_char(struct fbcon *f, char c)
{
	switch (c) {
	case '\n':
		new_line(f);
		return;
	case '\r':
		f->col = 0;
		return;
	case '\t':
		do
			put_char(f, ' ');
		while (f->col % TAB && f->col < f->cols);
		return;
	default:
		/* A line as wide as the screen does not leave an empty one behind it. */
		if (f->col == f->cols)
			new_line(f);
		put_cell(f, f->row, f->col++, c < FONT_FIRST || c > FONT_LAST ? '?' : (u8)c);
	}
}

static bool fbcon_write(struct console *c, const char *text, size_t n)
{
	struct fbcon *f = (struct fbcon *)c; /* its first member */

	for (; n; n--)
		put_char(f, *text++);
	return true;
}

/* A colour's part of a pixel: the highest bits of a level of 0 to 255. */
static u32 channel(u8 pos, u8 size, u32 level)
{
	return (u32)put(FIELD(pos + size - 1, pos),
			size < 8 ? level >> (8 - size) : level << (size - 8));
}

static const char *check_pixels(const struct boot_info *b)
{
	const u8 channels[][2] = { { b->red_pos, b->red_size },
				   { b->green_pos, b->green_size },
				   { b->blue_pos, b->blue_size } };

	if (b->fb_bpp != 15 && b->fb_bpp != 16 && b->fb_bpp != 24 && b->fb_bpp != 32)
		return "the screen's pixels are not of 15, 16, 24 or 32 bits";
	for (unsigned i = 0; i < ARRAY_SIZE(channels); i++) {
		if (!channels[i][1] || channels[i][0] + channels[i][1] > b->fb_bpp ||
		    channels[i][1] > 16)
			return "the screen's colours do not fit its pixels";
	}
	if (b->fb_width > b->fb_pitch / ((b->fb_bpp + 7u) / 8))
		return "the screen's lines overlap";
	return NULL;
}

static const char *check_cells(const struct boot_info *b)
{
	return b->fb_width > b->fb_pitch / sizeof(u16) ? "the screen's lines overlap" : NULL;
}

u64 fbcon_bytes(const struct boot_info *b)
{
	return b->screen == SCREEN_NONE ? 0 : (u64)b->fb_pitch * b->fb_height;
}

/* The loader's picture, and what is right of and below the last whole character. */
static void clear(const struct fbcon *f, const struct boot_info *b)
{
	size_t bytes = (size_t)b->fb_width * f->pixel_bytes;

	for (unsigned y = 0; f->pixel_bytes && y < b->fb_height; y++) {
		u8 *line = f->mem + (size_t)y * f->pitch;

		for (size_t i = 0; i < bytes / sizeof(u64); i++)
			((store64 *)line)[i] = 0;
		for (size_t i = bytes & ~(sizeof(u64) - 1); i < bytes; i++)
			*(volatile u8 *)(line + i) = 0;
	}
	for (unsigned i = 0; !f->pixel_bytes && i < f->rows * f->cols; i++)
		draw(f, i / f->cols, i % f->cols);
}

static void measure_pixels(struct fbcon *f, const struct boot_info *b)
{
	f->pixel_bytes = (b->fb_bpp + 7u) / 8;
	f->ink = channel(b->red_pos, b->red_size, LEVEL_INK) |
		 channel(b->green_pos, b->green_size, LEVEL_INK) |
		 channel(b->blue_pos, b->blue_size, LEVEL_INK);
	f->scale = 1;
	while (f->scale < SCALE_MAX && b->fb_width >= f->scale * WIDTH_SCALED_TWICE)
		f->scale++;
	f->cols = b->fb_width / (FONT_WIDTH * f->scale);
	f->rows = b->fb_height / (FONT_HEIGHT * f->scale);
}

static void measure_cells(struct fbcon *f, const struct boot_info *b)
{
	f->pixel_bytes = 0;
	f->cols = b->fb_width;
	f->rows = b->fb_height;
}

const char *fbcon_init(struct fbcon *f, const struct boot_info *b, void *mem)
{
	const char *why = b->screen == SCREEN_RGB    ? check_pixels(b)
			  : b->screen == SCREEN_TEXT ? check_cells(b)
						     : "there is no screen";

	if (why)
		return why;
	f->mem = mem;
	f->pitch = b->fb_pitch;
	if (b->screen == SCREEN_RGB)
		measure_pixels(f, b);
	else
		measure_cells(f, b);
	if (!f->cols || !f->rows)
		return "the screen is smaller than a character";
	if (f->cols > FBCON_CELLS_MAX)
		f->cols = FBCON_CELLS_MAX;
	if (f->rows > FBCON_CELLS_MAX / f->cols)
		f->rows = FBCON_CELLS_MAX / f->cols;
	f->row = f->col = 0;
	memset(f->cell, ' ', (size_t)f->rows * f->cols);
	clear(f, b);
	f->console = (struct console){ .name = "screen", .write = fbcon_write };
	return NULL;
}
