/* The menu of the boot image: every entry says words that the kernel takes, and its families are those that are there. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/cmdline.h"
#include "tests/family.h"
#include "tests/scenario.h"

enum { ENTRIES_MAX = 13, TITLE_MAX = 70 }; /* of which a screen of 80x25 shows all */

static struct entry {
	char title[120], key, words[200];
	unsigned kernels;
	struct options options;
} entries[ENTRIES_MAX];
static unsigned count;

/* GRUB takes the quotes away. */
static void unquote(char *words)
{
	char *to = words;

	for (const char *from = words; *from; from++)
		if (*from != '"')
			*to++ = *from;
	*to = '\0';
}

static int read_menu(void **state)
{
	FILE *f = fopen("tools/grub.cfg", "r");
	char line[300];

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof line, f)) {
		struct entry *e = &entries[count ? count - 1 : 0];

		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "menuentry", 9)) {
			assert_true(count < ENTRIES_MAX);
			e = &entries[count++];
			assert_int_equal(sscanf(line, "menuentry \"%119[^\"]\" --hotkey=%c {",
						e->title, &e->key),
					 2);
		} else if (count && !strncmp(line, "\tmultiboot2 ", 12)) {
			e->kernels++;
			/* a word on the stick, nothing elsewhere */
			assert_true(strstr(line, "/boot/shootdown.elf $wait"));
			sscanf(line, "\tmultiboot2 /boot/shootdown.elf $wait %199[^\n]", e->words);
			unquote(e->words);
		}
	}
	fclose(f);
	assert_true(count > 1);
	return 0;
}

static void the_kernel_takes_the_words(void **state)
{
	(void)state;
	for (struct entry *e = entries; e < entries + count; e++) {
		char error[512], waiting[220];
		struct options o;

		assert_int_equal(e->kernels, 1);
		if (!cmdline_parse(&e->options, e->words, error, sizeof error))
			fail_msg("%s: %s", e->title, error);
		assert_false(e->options.selftest || e->options.inject || e->options.wait);
		snprintf(waiting, sizeof waiting, "wait %s", e->words);
		assert_true(cmdline_parse(&o, waiting, error, sizeof error) && o.wait);
	}
	/* what happens if nobody is there */
	assert_string_equal(entries[0].words, "");
}

static void entries_differ(void **state)
{
	(void)state;
	for (struct entry *e = entries; e < entries + count; e++) {
		assert_true(strlen(e->title) <= TITLE_MAX);
		assert_int_equal(e->key, tolower(e->title[0]));
		/* keys of GRUB's own: edit, command line, up and down */
		assert_null(strchr("ec^v", e->key));
		for (struct entry *other = entries; other < e; other++) {
			assert_int_not_equal(e->key, other->key);
			assert_string_not_equal(e->words, other->words);
		}
	}
}

/* Each scenario is in one family of the menu, and none of these is empty; calibration is part of every run. */
static void families(void **state)
{
	unsigned members[ENTRIES_MAX] = { 0 };

	(void)state;
	for (const struct scenario_ref *r = __start_scenarios; r != __stop_scenarios; r++) {
		const struct scenario *s = r->scenario;
		unsigned in = 0;
		char name[80];

		snprintf(name, sizeof name, "%s.%s", s->id, s->name ? s->name : s->orders[0].name);
		for (unsigned i = 0; i < count; i++)
			if (entries[i].options.tests[0] &&
			    family_glob(entries[i].options.tests, r->file, name)) {
				members[i]++;
				in++;
			}
		if (in != !family_glob("calibrate/*", r->file, name))
			fail_msg("%s (%s) is in %u entries of the menu", name, r->file, in);
	}
	for (unsigned i = 0; i < count; i++)
		assert_int_equal(entries[i].options.tests[0] != '\0', members[i] != 0);
}

static void names_and_families(void **state)
{
	const char *file = "tests/gup/A19_flush_by_ipi.c", *name = "A19.flush_by_ipi";

	(void)state;
	assert_true(family_glob("A19*", file, name));
	assert_true(family_glob("*ipi", file, name));
	assert_true(family_glob("A0*,gup/*,B*", file, name));
	assert_true(family_glob("B*,A19*", file, name));
	assert_false(family_glob("A0*,gap/*,A19", file, name));
	assert_false(family_glob("A1,9*,", file, name));
	assert_false(family_glob("gup*", file, name));
	assert_true(family_glob("gup/*", file, name));
	assert_true(family_glob("g*/A19.*", file, name));
	assert_true(family_glob("*/*by_ipi", file, name));
	assert_false(family_glob("zap/*", file, name));
	assert_false(family_glob("tests/gup/*", file, name));
	assert_false(family_glob("gup/", file, name));
	assert_false(family_glob("*/*", "A19.c", name));
	assert_false(family_glob("*/*", "tests/A19.c", name));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kernel_takes_the_words),
		cmocka_unit_test(entries_differ),
		cmocka_unit_test(families),
		cmocka_unit_test(names_and_families),
	};

	return cmocka_run_group_tests_name("menu", tests, read_menu, NULL);
}
