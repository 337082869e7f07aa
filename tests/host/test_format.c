#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/format.h"

#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"

enum { ROOM = 400 };
static unsigned long compared;

/* The same call to both, into memory that shows a byte too many; text, end and length must agree. */
#define SAME(size, fmt, ...)                                                                      \
	do {                                                                                      \
		char mine_[ROOM], theirs_[ROOM];                                                  \
		memset(mine_, '~', ROOM);                                                         \
		memset(theirs_, '~', ROOM);                                                       \
		size_t length_ = format(mine_, size, fmt, ##__VA_ARGS__);                         \
		int want_ = snprintf(theirs_, size, fmt, ##__VA_ARGS__);                          \
		compared++;                                                                       \
		if (length_ != (size_t)want_ || memcmp(mine_, theirs_, ROOM) != 0)                \
			fail_msg("format \"%s\", size %zu: %zu \"%.99s\", not %d \"%.99s\"", fmt, \
				 (size_t)(size), length_, mine_, want_, theirs_);                 \
	} while (0)

static const char *const lengths[] = { "hh", "h", "", "l", "ll", "z" };
static const char *const widths[] = { "", "1", "2", "7", "21", "33" };
static const char *const precisions[] = { "", ".", ".0", ".1", ".3", ".18", ".25" };
static const size_t sizes[] = { 0, 1, 2, 9, 64 };

/* Every subset of the flags "-+ #0". */
static const char *flags_of(unsigned set)
{
	static char text[6];
	unsigned n = 0;

	for (unsigned i = 0; i < 5; i++) {
		if (set & 1u << i)
			text[n++] = "-+ #0"[i];
	}
	text[n] = '\0';
	return text;
}

static void one_integer(const char *fmt, const char *length, u64 v)
{
	for (unsigned i = 0; i < ARRAY_SIZE(sizes); i++) {
		if (*length == 'l' || *length == 'z')
			SAME(sizes[i], fmt, v);
		else
			SAME(sizes[i], fmt, (unsigned)v);
	}
}

static void integers(void **state)
{
	static const u64 values[] = { 0,
				      1,
				      9,
				      10,
				      0x7f,
				      0x80,
				      0xff,
				      0x8000,
				      0xffff,
				      INT_MAX,
				      0x80000000,
				      UINT_MAX,
				      0x123456789abcdef,
				      INT64_MAX,
				      0x8000000000000000,
				      UINT64_MAX };
	char fmt[32];

	(void)state;
	for (unsigned set = 0; set < 32; set++) {
		for (unsigned w = 0; w < ARRAY_SIZE(widths); w++) {
			for (unsigned p = 0; p < ARRAY_SIZE(precisions); p++) {
				for (unsigned i = 0; i < 5 * ARRAY_SIZE(lengths); i++) {
					const char *length = lengths[i / 5];

					snprintf(fmt, sizeof fmt, "%%%s%s%s%s%c", flags_of(set),
						 widths[w], precisions[p], length, "diuxX"[i % 5]);
					one_integer(fmt, length,
						    values[(compared / 5) % ARRAY_SIZE(values)]);
				}
			}
		}
	}
	for (unsigned v = 0; v < ARRAY_SIZE(values); v++) {
		for (unsigned i = 0; i < 5 * ARRAY_SIZE(lengths); i++) {
			snprintf(fmt, sizeof fmt, "%%%s%c", lengths[i / 5], "diuxX"[i % 5]);
			one_integer(fmt, lengths[i / 5], values[v]);
		}
	}
	assert_true(compared > 100000);
}

static void strings_and_characters(void **state)
{
	static const char *const words[] = { "", "x", "translation", "no null: \xff\x01" };
	char fmt[32];

	(void)state;
	for (unsigned left = 0; left < 2; left++) {
		for (unsigned w = 0; w < ARRAY_SIZE(widths); w++) {
			for (unsigned i = 0; i < ARRAY_SIZE(sizes); i++) {
				for (unsigned p = 0; p < ARRAY_SIZE(precisions) * ARRAY_SIZE(words);
				     p++) {
					snprintf(fmt, sizeof fmt, "[%%%s%s%ss]", left ? "-" : "",
						 widths[w], precisions[p / ARRAY_SIZE(words)]);
					SAME(sizes[i], fmt, words[p % ARRAY_SIZE(words)]);
				}
				snprintf(fmt, sizeof fmt, "[%%%s%sc%%%%]", left ? "-" : "",
					 widths[w]);
				SAME(sizes[i], fmt, 'c');
				SAME(sizes[i], fmt, 0);
				snprintf(fmt, sizeof fmt, "[%%%s%sp]", left ? "-" : "", widths[w]);
				SAME(sizes[i], fmt, (const void *)words);
			}
		}
	}
	/* A string need not end within its precision. */
	SAME(64, "%.3s", (const char[3]){ 'a', 'b', 'c' });
}

static void counts_as_arguments(void **state)
{
	(void)state;
	for (int w = -12; w <= 12; w++) {
		for (int p = -3; p <= 12; p++) {
			SAME(64, "%*.*d|", w, p, -1234);
			SAME(64, "%0*x|", w, 0xabcu);
			SAME(64, "%-*.*s|", w, p, "walker");
		}
	}
}

static void several_conversions(void **state)
{
	(void)state;
	for (size_t size = 0; size < 80; size++)
		SAME(size, "unit=%u gsts=%#010x %s%c %5d%% %p %-6s|%zu", 3, 0xc4000000, "TES", '!',
		     -42, (void *)&size, "end", size);
	SAME(64, "no conversion");
	SAME(64, "%s", "");
}

/* What the standard leaves undefined has a result here. */
static void nonsense(void **state)
{
	char out[64];
	(void)state;
	/* Compilers know that these are wrong: assigned to a volatile, they are only text. */
	const char *volatile null = NULL, *volatile odd, *volatile wide;

	odd = "a%yb %-3.4lq 100%";
	wide = "%99999999999d";
	assert_int_equal(format(out, sizeof out, "%s %.2s", null, null), 9);
	assert_string_equal(out, "(null) (n");
	format(out, sizeof out, "%p", (void *)NULL);
	assert_string_equal(out, "0x0");
	format(out, sizeof out, odd, 1);
	assert_string_equal(out, odd);
	/* Widths beyond any memory are counted, not written. */
	assert_int_equal(format(out, sizeof out, wide, 1), INT_MAX);
	assert_int_equal(strlen(out), 63);
	assert_int_equal(format(NULL, 0, "%d", 12345), 5);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers),
		cmocka_unit_test(strings_and_characters),
		cmocka_unit_test(counts_as_arguments),
		cmocka_unit_test(several_conversions),
		cmocka_unit_test(nonsense),
	};

	return cmocka_run_group_tests_name("format", tests, NULL, NULL);
}
