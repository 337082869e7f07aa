#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "mm/audit.h"
#include "tests/host/watched.h"

/* The image: pages of head, text, text, read-only data, data, data. And 2 MiB of RAM. */
enum { IMAGE = 0x400000, RAM = 0x800000 };

static struct audit rules(void)
{
	return (struct audit){ .text = KERNEL + 0x1000,
			       .text_end = KERNEL + 0x3000,
			       .rodata_end = KERNEL + 0x4000,
			       .image_end = KERNEL + 0x6000,
			       .image = { IMAGE } };
}

static void map(struct watched *w, u64 va, u64 pa, u64 size, u32 flags)
{
	assert_true(pt_map(&w->memory, w->root, (struct va){ va }, (struct pa){ pa }, size, flags,
			   PG_1G));
}

static struct watched *kernel(void)
{
	struct watched *w = watched_new(ALL_SNOOP);

	map(w, DIRECT_MAP + RAM, RAM, 0x200000, PAGE_WRITE);
	map(w, KERNEL + 0x1000, IMAGE + 0x1000, 0x2000, PAGE_EXEC);
	map(w, KERNEL + 0x3000, IMAGE + 0x3000, 0x1000, 0);
	map(w, KERNEL + 0x4000, IMAGE + 0x4000, 0x2000, PAGE_WRITE);
	map(w, STACKS + 0x1000, RAM, 0x2000, PAGE_WRITE);
	map(w, STACKS + 0x4000, RAM + 0x2000, 0x1000, PAGE_WRITE);
	return w;
}

static void good(void **state)
{
	struct watched *w = kernel();
	struct audit a = rules();
	struct va at;

	(void)state;
	assert_null(audit(&a, &w->memory, w->root, &at));
	assert_int_equal(a.leaves, 1 + 5 + 3);
	assert_int_equal(a.stacks, 2);
	free(w);
}

/* One more mapping, or one changed, breaks one rule; the sentence names page and rule. */
static void each_rule(void **state)
{
	static const struct {
		u64 va, pa;
		u32 flags;
		const char *wrong;
	} bad[] = {
		{ 0, RAM, 0, "is mapped, in the lower half" },
		{ 0x7ffffffff000, RAM, PAGE_USER, "is mapped, in the lower half" },
		{ DIRECT_MAP + 0x1000, 0x1000, PAGE_WRITE | PAGE_EXEC,
		  "is writable and executable" },
		{ DIRECT_MAP + 0x1000, 0x1000, PAGE_EXEC, "is executable and not text" },
		{ DIRECT_MAP, 0, PAGE_WRITE, "maps physical page 0" },
		{ DIRECT_MAP + IMAGE, IMAGE, PAGE_WRITE, "is a second mapping of the image" },
		{ DIRECT_MAP + IMAGE + 0x5000, IMAGE + 0x5000, 0,
		  "is a second mapping of the image" },
		{ KERNEL + 0x7000, IMAGE + 0x4000, 0, "is a second mapping of the image" },
		{ KERNEL + 0x1000, IMAGE + 0x1000, PAGE_WRITE,
		  "is writable, in text or read-only data" },
		{ KERNEL + 0x3000, IMAGE + 0x3000, PAGE_WRITE,
		  "is writable, in text or read-only data" },
		{ KERNEL + 0x3000, IMAGE + 0x3000, PAGE_EXEC, "is executable and not text" },
		{ KERNEL + 0x4000, IMAGE + 0x4000, PAGE_WRITE | PAGE_EXEC,
		  "is writable and executable" },
		{ STACKS, RAM, PAGE_WRITE, "is mapped, below the first stack" },
	};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
		struct watched *w = kernel();
		struct audit a = rules();
		struct va at, va = { bad[i].va };

		pt_set(&w->memory, pt_entry(&w->memory, w->root, va, PG_4K),
		       pte_leaf(PG_4K, (struct pa){ bad[i].pa }, bad[i].flags));
		assert_string_equal(audit(&a, &w->memory, w->root, &at), bad[i].wrong);
		assert_int_equal(at.v, va.v);
		free(w);
	}
}

/* U/S counts only where every level has it: the kernel's tables do not. */
static void open_to_users(void **state)
{
	struct watched *w = kernel();
	struct audit a = rules();
	struct va at, va = { DIRECT_MAP + RAM };

	(void)state;
	for (enum pg_level level = PG_2M; level <= PG_512G; level++) {
		struct pa entry = pt_entry(&w->memory, w->root, va, level);

		assert_null(audit(&a, &w->memory, w->root, &at));
		pt_set(&w->memory, entry, w->memory.read(w, entry) | mask(PTE_US));
	}
	assert_string_equal(audit(&a, &w->memory, w->root, &at),
			    "is open to user accesses, in the upper half");
	assert_int_equal(at.v, va.v);
	free(w);
}

/* Two stacks without a page between them count as one. */
static void lost_guard(void **state)
{
	struct watched *w = kernel();
	struct audit a = rules();
	struct va at;

	(void)state;
	map(w, STACKS + 0x3000, RAM + 0x3000, 0x1000, PAGE_WRITE);
	assert_null(audit(&a, &w->memory, w->root, &at));
	assert_int_equal(a.stacks, 1);
	free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good),
		cmocka_unit_test(each_rule),
		cmocka_unit_test(open_to_users),
		cmocka_unit_test(lost_guard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
