#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/fbcon.h"
#include "kernel/font.h"

/* A screen in memory of its exact size, so that a store beyond it is seen by the sanitizer. */
struct screen {
	struct boot_info boot;
	struct fbcon con;
	u32 ink; /* the pixel of a dot: grey, in the screen's colours */
	u8 *mem;
	size_t size;
};

enum { OLD_PICTURE = 0xee };

static const struct boot_info rgb32 = {
	.screen = SCREEN_RGB,
	.fb_bpp = 32,
	.red_pos = 16,
	.red_size = 8,
	.green_pos = 8,
	.green_size = 8,
	.blue_size = 8,
};
static const struct boot_info rgb24 = {
	.screen = SCREEN_RGB,
	.fb_bpp = 24,
	.red_size = 8,
	.green_pos = 8,
	.green_size = 8,
	.blue_pos = 16,
	.blue_size = 8,
};
static const struct boot_info rgb16 = {
	.screen = SCREEN_RGB,
	.fb_bpp = 16,
	.red_pos = 11,
	.red_size = 5,
	.green_pos = 5,
	.green_size = 6,
	.blue_size = 5,
};
static const struct boot_info ega = { .screen = SCREEN_TEXT, .fb_bpp = 16 };

static unsigned pixel_bytes(const struct boot_info *b) { return (b->fb_bpp + 7u) / 8; }

static struct screen *screen_new(const struct boot_info *kind, unsigned width, unsigned height,
				 unsigned padding)
{
	struct screen *s = calloc(1, sizeof *s);

	assert_non_null(s);
	s->boot = *kind;
	s->ink = kind->fb_bpp == 16 ? 0xc618 : 0xc0c0c0;
	s->boot.fb_width = width;
	s->boot.fb_height = height;
	s->boot.fb_pitch = width * pixel_bytes(kind) + padding;
	s->size = fbcon_bytes(&s->boot) - padding;
	s->mem = malloc(s->size);
	assert_non_null(s->mem);
	memset(s->mem, OLD_PICTURE, s->size);
	assert_null(fbcon_init(&s->con, &s->boot, s->mem));
	return s;
}

static void screen_free(struct screen *s)
{
	free(s->mem);
	free(s);
}

static void say(struct screen *s, const char *text)
{
	assert_true(s->con.console.write(&s->con.console, text, strlen(text)));
}

static u32 pixel(const struct screen *s, unsigned x, unsigned y)
{
	u32 v = 0;

	memcpy(&v, s->mem + (size_t)y * s->boot.fb_pitch + (size_t)x * pixel_bytes(&s->boot),
	       pixel_bytes(&s->boot));
	return v;
}

/* The character that a reader of the screen sees, 0 for none that exists. */
static char seen(const struct screen *s, unsigned row, unsigned col)
{
	unsigned scale = s->con.scale;
	u8 glyph[FONT_HEIGHT] = { 0 };

	if (s->boot.screen == SCREEN_TEXT) {
		const u8 *cell = s->mem + (size_t)row * s->boot.fb_pitch + (size_t)col * 2;

		return (char)(cell[1] == 0x07 ? cell[0] : 0);
	}
	for (unsigned y = 0; y < FONT_HEIGHT * scale; y++) {
		for (unsigned x = 0; x < FONT_WIDTH * scale; x++) {
			u32 p = pixel(s, col * FONT_WIDTH * scale + x,
				      row * FONT_HEIGHT * scale + y);

			assert_true(p == 0 || p == s->ink);
			if (p)
				glyph[y / scale] |= (u8)(0x80 >> x / scale);
		}
	}
	for (unsigned c = FONT_FIRST; c <= FONT_LAST; c++) {
		if (!memcmp(font[c - FONT_FIRST], glyph, FONT_HEIGHT))
			return (char)c;
	}
	return 0;
}

/* The screen, a line for each row, blanks at its end left out. */
static void expect(const struct screen *s, const char *want)
{
	char got[4096];
	size_t n = 0;

	for (unsigned r = 0; r < s->con.rows; r++) {
		size_t end = n;

		for (unsigned c = 0; c < s->con.cols; c++) {
			got[n++] = seen(s, r, c);
			if (got[n - 1] != ' ')
				end = n;
		}
		n = end;
		got[n++] = '\n';
	}
	got[n] = '\0';
	assert_string_equal(got, want);
}

static void every_depth(void **state)
{
	static const struct boot_info *const kinds[] = { &rgb32, &rgb24, &rgb16 };

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(kinds); i++) {
		for (unsigned padding = 0; padding < 9; padding += 4) {
			struct screen *s = screen_new(kinds[i], 100, 50, padding);

			assert_int_equal(s->con.cols, 12);
			assert_int_equal(s->con.rows, 3);
			say(s, "ok 1 A01\n~!");
			expect(s, "ok 1 A01\n~!\n\n");
			/* The rest of the loader's picture is gone, the padding of lines is not ours. */
			assert_int_equal(pixel(s, 99, 0), 0);
			assert_int_equal(pixel(s, 0, 49), 0);
			for (unsigned p = 0; p < padding; p++)
				assert_int_equal(s->mem[100 * pixel_bytes(kinds[i]) + p],
						 OLD_PICTURE);
			screen_free(s);
		}
	}
}

static void ega_cells(void **state)
{
	struct screen *s = screen_new(&ega, 10, 4, 6);

	(void)state;
	expect(s, "\n\n\n\n");
	say(s, "not ok 2 -\n# x");
	expect(s, "not ok 2 -\n# x\n\n\n");
	screen_free(s);
}

static void control_characters(void **state)
{
	struct screen *s = screen_new(&ega, 20, 3, 0);

	(void)state;
	say(s, "a\tb\r\n");
	say(s, "12345678\t9\n");
	say(s, "abc\rX\x01\x7f\xff");
	expect(s, "a       b\n12345678        9\nX???\n");
	screen_free(s);
}

static void long_lines_wrap(void **state)
{
	struct screen *s = screen_new(&ega, 4, 6, 0);

	(void)state;
	say(s, "abcdefghij\n");
	say(s, "1234\n");
	say(s, "5");
	expect(s, "abcd\nefgh\nij\n1234\n5\n\n");
	screen_free(s);
}

static void scrolls_by_half(void **state)
{
	struct screen *s = screen_new(&rgb32, 64, 64, 0);

	(void)state;
	say(s, "one\ntwo\nthree\nfour");
	expect(s, "one\ntwo\nthree\nfour\n");
	say(s, "\nfive");
	expect(s, "three\nfour\nfive\n\n");
	say(s, "\nsix\n");
	expect(s, "five\nsix\n\n\n");
	screen_free(s);
}

/* What is on the screen already is not drawn again: other picture below it stays. */
static void draws_only_what_differs(void **state)
{
	struct screen *s = screen_new(&ega, 8, 4, 0);
	unsigned drawn = 0;

	(void)state;
	say(s, "same\nsame\nsame\nline");
	memset(s->mem, OLD_PICTURE, s->size);
	say(s, "\n");
	for (unsigned i = 0; i < s->size; i += 2)
		drawn += s->mem[i] != OLD_PICTURE;
	/* Row 1 becomes "line" but for its "e", rows 2 and 3 blank. */
	assert_int_equal(drawn, 3 + 4 + 4);
	screen_free(s);
}

/* A line that stays, and the log above it as before. */
static void status_line(void **state)
{
	struct screen *s = screen_new(&ega, 8, 4, 0);

	(void)state;
	say(s, "one\ntwo\n");
	s->con.console.status(&s->con.console, "1 of 2");
	expect(s, "one\ntwo\n\n1 of 2\n");
	say(s, "three\nfour\n");
	expect(s, "three\nfour\n\n1 of 2\n");
	s->con.console.status(&s->con.console, "2 of 2, a long name");
	expect(s, "three\nfour\n\n2 of 2,\n");
	s->con.console.status(&s->con.console, "");
	say(s, "five");
	expect(s, "three\nfour\nfive\n\n");
	screen_free(s);

	/* The log was where the line is now, in the middle of a line of its own, or not. */
	s = screen_new(&ega, 8, 4, 0);
	say(s, "1\n2\n3\n4");
	s->con.console.status(&s->con.console, "x");
	say(s, "5\n6");
	expect(s, "3\n45\n6\nx\n");
	screen_free(s);
	s = screen_new(&ega, 8, 4, 0);
	say(s, "1\n2\n3\n");
	s->con.console.status(&s->con.console, "x");
	say(s, "4");
	expect(s, "3\n\n4\nx\n" + 0);
	screen_free(s);

	/* No room for it. */
	s = screen_new(&ega, 8, 2, 0);
	say(s, "1\n2");
	s->con.console.status(&s->con.console, "x");
	expect(s, "1\n2\n");
	screen_free(s);
}

static void a_page(void **state)
{
	struct screen *s = screen_new(&rgb32, 64, 80, 0);

	(void)state;
	say(s, "one\ntwo\nthree\nfour");
	s->con.console.status(&s->con.console, "end");
	s->con.console.page(&s->con.console, "A\n\nB\n");
	expect(s, "A\n\nB\n\nend\n");
	say(s, "log");
	expect(s, "A\n\nB\nlog\nend\n");
	screen_free(s);
}

static void small_and_large(void **state)
{
	struct screen *s = screen_new(&rgb32, 8, 16, 0);

	(void)state;
	say(s, "abc");
	expect(s, "c\n");
	screen_free(s);

	/* Small letters cannot be read on such a screen. */
	s = screen_new(&rgb16, 3840, 70, 0);
	assert_int_equal(s->con.scale, 2);
	assert_int_equal(s->con.cols, 240);
	say(s, "big\n!");
	expect(s, "big\n!\n");
	screen_free(s);

	/* More cells than are kept: the upper part is used. */
	s = screen_new(&ega, 1000, 100, 0);
	assert_int_equal(s->con.cols, 1000);
	assert_int_equal(s->con.rows, 32);
	for (unsigned i = 0; i < 100; i++)
		say(s, "line\n");
	screen_free(s);
}

static void refusals(void **state)
{
	struct fbcon *con = calloc(1, sizeof *con);
	struct boot_info b = rgb32, none = { 0 };

	(void)state;
	assert_non_null(con);
	assert_string_equal(fbcon_init(con, &none, NULL), "there is no screen");
	assert_int_equal(fbcon_bytes(&none), 0);
	b.fb_width = 64;
	b.fb_height = 15;
	b.fb_pitch = 256;
	assert_string_equal(fbcon_init(con, &b, NULL), "the screen is smaller than a character");
	free(con);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_depth),        cmocka_unit_test(ega_cells),
		cmocka_unit_test(control_characters), cmocka_unit_test(long_lines_wrap),
		cmocka_unit_test(scrolls_by_half),    cmocka_unit_test(draws_only_what_differs),
		cmocka_unit_test(small_and_large),    cmocka_unit_test(refusals),
		cmocka_unit_test(status_line),        cmocka_unit_test(a_page),
	};

	return cmocka_run_group_tests_name("fbcon", tests, NULL, NULL);
}
