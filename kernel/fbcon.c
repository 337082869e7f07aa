/* Pure: draws into memory that the caller gives. */
#include "kernel/fbcon.h"
#include "kernel/bits.h"
#include "kernel/font.h"
#include "kernel/string.h"

enum { TAB = 8, WIDTH_SCALED_TWICE = 2560 };
enum { EGA_GREY_ON_BLACK = 0x0700, LEVEL_INK = 0xc0 };

/* Never read. Volatile: or a compiler makes memcpy of a loop, and that goes by bytes. */
typedef volatile u32 __attribute__((aligned(1), may_alias)) store32;
typedef volatile u16 __attribute__((aligned(1), may_alias)) store16;

static void draw_pixels(const struct fbcon *f, unsigned row, unsigned col,
			const u8 glyph[FONT_HEIGHT])
{
	size_t half = (size_t)f->scale * f->pixel_bytes * (FONT_WIDTH / 2) / sizeof(u32);
	u8 *at = f->mem + (size_t)row * FONT_HEIGHT * f->scale * f->pitch +
		 col * half * 2 * sizeof(u32);

	for (unsigned y = 0; y < FONT_HEIGHT * f->scale; y++, at += f->pitch) {
		const u32 *left = f->dots[glyph[y / f->scale] / 16];
		const u32 *right = f->dots[glyph[y / f->scale] % 16];

		for (size_t i = 0; i < half; i++) {
			((store32 *)at)[i] = left[i];
			((store32 *)at)[half + i] = right[i];
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

/* The log, without the line below it. */
static unsigned log_rows(const struct fbcon *f) { return f->rows - f->has_status; }

/* Half a screen at once: then most lines are written once and moved once. */
static void new_line(struct fbcon *f)
{
	unsigned rows = log_rows(f), up = (rows + 1) / 2;

	f->col = 0;
	if (++f->row < rows)
		return;
	for (unsigned r = 0; r < rows; r++) {
		for (unsigned c = 0; c < f->cols; c++)
			put_cell(f, r, c, r + up < rows ? f->cell[(r + up) * f->cols + c] : ' ');
	}
	f->row = rows - up;
}

static u8 shown(char c) { return c < FONT_FIRST || c > FONT_LAST ? '?' : (u8)c; }

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
		put_cell(f, f->row, f->col++, shown(c));
	}
}

static bool fbcon_write(struct console *c, const char *text, size_t n)
{
	struct fbcon *f = (struct fbcon *)c; /* its first member */

	for (; n; n--)
		put_char(f, *text++);
	return true;
}

/* A log of one line is not worth it. */
static void fbcon_status(struct console *console, const char *line)
{
	struct fbcon *f = (struct fbcon *)console;

	if (f->rows < 3)
		return;
	if (!f->has_status && f->row == f->rows - 1) {
		unsigned col = f->col;

		new_line(f);
		/* In the middle of a line: it was moved, too. */
		f->row -= col != 0;
		f->col = col;
	}
	f->has_status = true;
	for (unsigned c = 0; c < f->cols; c++)
		put_cell(f, f->rows - 1, c, *line ? shown(*line++) : ' ');
}

static void fbcon_page(struct console *console, const char *text)
{
	struct fbcon *f = (struct fbcon *)console;

	for (unsigned i = 0; i < log_rows(f) * f->cols; i++)
		put_cell(f, i / f->cols, i % f->cols, ' ');
	f->row = f->col = 0;
	while (*text)
		put_char(f, *text++);
}

/* A colour's part of a pixel: the highest bits of a level of 0 to 255. */
static u32 channel(u8 pos, u8 size)
{
	return (u32)put(FIELD(pos + size - 1, pos), LEVEL_INK >> (8 - size));
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

		for (size_t i = 0; i < bytes / sizeof(u32); i++)
			((store32 *)line)[i] = 0;
		for (size_t i = bytes & ~(sizeof(u32) - 1); i < bytes; i++)
			*(volatile u8 *)(line + i) = 0;
	}
	for (unsigned i = 0; !f->pixel_bytes && i < f->rows * f->cols; i++)
		draw(f, i / f->cols, i % f->cols);
}

/* The pixels of each pattern of four dots. */
static void make_dots(struct fbcon *f, u32 ink)
{
	for (unsigned pattern = 0; pattern < ARRAY_SIZE(f->dots); pattern++) {
		u8 *p = (u8 *)f->dots[pattern];

		for (unsigned x = 0; x < FONT_WIDTH / 2 * f->scale; x++) {
			u32 pixel = pattern & 8u >> x / f->scale ? ink : 0;

			for (unsigned i = 0; i < f->pixel_bytes; i++, pixel >>= 8)
				*p++ = (u8)pixel;
		}
	}
}

static void measure_pixels(struct fbcon *f, const struct boot_info *b)
{
	f->pixel_bytes = (b->fb_bpp + 7u) / 8;
	f->scale = 1;
	while (f->scale < FBCON_SCALE_MAX && b->fb_width >= f->scale * WIDTH_SCALED_TWICE)
		f->scale++;
	f->cols = b->fb_width / (FONT_WIDTH * f->scale);
	f->rows = b->fb_height / (FONT_HEIGHT * f->scale);
	make_dots(f, channel(b->red_pos, b->red_size) | channel(b->green_pos, b->green_size) |
			     channel(b->blue_pos, b->blue_size));
}

static void measure_cells(struct fbcon *f, const struct boot_info *b)
{
	f->pixel_bytes = 0;
	f->cols = b->fb_width;
	f->rows = b->fb_height;
}

const char *fbcon_init(struct fbcon *f, const struct boot_info *b, void *mem)
{
	if (b->screen == SCREEN_NONE)
		return "there is no screen";
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
	f->has_status = false;
	memset(f->cell, ' ', (size_t)f->rows * f->cols);
	clear(f, b);
	f->console = (struct console){
		.name = "screen", .write = fbcon_write, .status = fbcon_status, .page = fbcon_page
	};
	return NULL;
}
