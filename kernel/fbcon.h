#pragma once
#include "kernel/boot_info.h"
#include "kernel/console.h"

/*
 * Text on the loader's framebuffer, of pixels or of EGA cells. It is never read: that is slow on
 * uncached memory. What is shown is kept aside, and only cells that change are drawn.
 */
enum { FBCON_CELLS_MAX = 32768, FBCON_SCALE_MAX = 4 };

struct fbcon {
	struct console console; /* ready for console_add() once fbcon_init() was happy */
	u8 *mem;
	unsigned pitch;                    /* bytes from a pixel, or cell, to the one below it */
	unsigned pixel_bytes;              /* 0: EGA cells */
	unsigned scale;                    /* each dot of the font is scale x scale pixels */
	u32 dots[16][4 * FBCON_SCALE_MAX]; /* the pixels of four dots of the font */
	unsigned rows, cols, row, col;
	bool has_status; /* the last row is no longer the log's */
	u8 cell[FBCON_CELLS_MAX];
};

/*
 * Clear the screen of the loader and be ready to write. b's screen is consistent (boot/ has seen to
 * that), and mem is where b->fb is mapped, fbcon_bytes(b) of it. NULL, or why this screen cannot be
 * used, as a sentence. Pure.
 */
const char *fbcon_init(struct fbcon *f, const struct boot_info *b, void *mem);

/* Bytes that must be mapped; 0 when there is no screen. Pure. */
u64 fbcon_bytes(const struct boot_info *b);
