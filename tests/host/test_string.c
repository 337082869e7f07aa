#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The kernel's functions under names of their own, beside libc's, which judge them. */
#define memcpy  kernel_memcpy
#define memmove kernel_memmove
#define memset  kernel_memset
#define memcmp  kernel_memcmp
#define strlen  kernel_strlen
#define strcmp  kernel_strcmp
#define strncmp kernel_strncmp
#define strchr  kernel_strchr
#include "kernel/string.c"
#undef memcpy
#undef memmove
#undef memset
#undef memcmp
#undef strlen
#undef strcmp
#undef strncmp
#undef strchr

enum { ROOM = 96 };

static void fill(u8 *p)
{
	for (unsigned i = 0; i < ROOM; i++)
		p[i] = (u8)(i * 7 + 1);
}

static int sign(int v) { return (v > 0) - (v < 0); }

static void copies(void **state)
{
	u8 from[ROOM], mine[ROOM], theirs[ROOM];

	(void)state;
	fill(from);
	for (unsigned to = 0; to < 17; to++) {
		for (unsigned n = 0; n < ROOM - 17; n++) {
			fill(mine);
			fill(theirs);
			assert_ptr_equal(kernel_memcpy(mine + to, from + 3, n > 3 ? n - 3 : 0),
					 mine + to);
			memcpy(theirs + to, from + 3, n > 3 ? n - 3 : 0);
			assert_memory_equal(mine, theirs, ROOM);
			assert_ptr_equal(kernel_memset(mine + to, (int)(n * 300), n), mine + to);
			memset(theirs + to, (int)(n * 300), n);
			assert_memory_equal(mine, theirs, ROOM);
		}
	}
}

static void overlapping_moves(void **state)
{
	u8 mine[ROOM], theirs[ROOM];

	(void)state;
	for (unsigned from = 0; from < 33; from++) {
		for (unsigned to = 0; to < 33; to++) {
			for (unsigned n = 0; n <= ROOM - 33; n++) {
				fill(mine);
				fill(theirs);
				assert_ptr_equal(kernel_memmove(mine + to, mine + from, n),
						 mine + to);
				memmove(theirs + to, theirs + from, n);
				assert_int_equal(memcmp(mine, theirs, ROOM), 0);
			}
		}
	}
}

static void comparisons(void **state)
{
	static const char *const words[] = { "",   "a",    "b",    "ab",    "abc",         "abd",
					     "aB", "\x80", "\x7f", "a\xff", "abcabcabcabc" };

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(words); i++) {
		for (unsigned j = 0; j < ARRAY_SIZE(words); j++) {
			const char *a = words[i], *b = words[j];
			size_t least = strlen(a) < strlen(b) ? strlen(a) : strlen(b);

			assert_int_equal(sign(kernel_strcmp(a, b)), sign(strcmp(a, b)));
			for (size_t n = 0; n < 14; n++)
				assert_int_equal(sign(kernel_strncmp(a, b, n)),
						 sign(strncmp(a, b, n)));
			for (size_t n = 0; n <= least; n++)
				assert_int_equal(sign(kernel_memcmp(a, b, n)),
						 sign(memcmp(a, b, n)));
		}
	}
}

static void lengths_and_searches(void **state)
{
	static const char text[] = "page table\xff tlb";

	(void)state;
	for (unsigned i = 0; i < sizeof text; i++) {
		assert_int_equal(kernel_strlen(text + i), strlen(text + i));
		for (int c = -128; c < 256; c++)
			assert_ptr_equal(kernel_strchr(text + i, c), strchr(text + i, c));
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies),
		cmocka_unit_test(overlapping_moves),
		cmocka_unit_test(comparisons),
		cmocka_unit_test(lengths_and_searches),
	};

	return cmocka_run_group_tests_name("string", tests, NULL, NULL);
}
