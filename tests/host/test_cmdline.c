#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/cmdline.h"
#include "kernel/glob.h"

static struct options parsed(const char *line)
{
	struct options o;
	char error[512] = "";

	if (!cmdline_parse(&o, line, error, sizeof error))
		fail_msg("\"%s\": %s", line, error);
	return o;
}

static void refused(const char *line, const char *sentence)
{
	struct options o;
	char error[512], want[512];

	snprintf(
		want, sizeof want,
		"command line: %s; known: T=pattern ORDER=letters ENGINE=name MODE=both|step|race "
		"ROUNDS=0..1000000000 SEED=0..18446744073709551615 SHARD=1..n/1..256 STRICT=0|1 LIST "
		"BENCH MUTATE PASID=0..1048575 SRIOV soak=1..100000 handover=1..1000000 wait deadline=1..3600000 "
		"selftest=none|exception|nmi|mce|stuck|leak|damage|guard|wx|silent"
		"|fault|hang|hang-cli|hang-irq|boot-hang|boot-hang-cli|storm",
		sentence);
	assert_false(cmdline_parse(&o, line, error, sizeof error));
	assert_string_equal(error, want);
}

static void empty_is_default(void **state)
{
	static const char *const lines[] = { "", " ", "\t \n" };

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct options o = parsed(lines[i]);

		assert_string_equal(o.tests, "");
		assert_string_equal(o.engine, "");
		assert_int_equal(o.selftest, SELFTEST_NONE);
		assert_int_equal(o.deadline_ms, 0);
		assert_false(o.list || o.bench || o.mutate || o.strict || o.seed_given);
		assert_int_equal(o.mode, MODE_BOTH);
		assert_int_equal(o.rounds, 0);
		assert_int_equal(o.shards, 0);
		assert_int_equal(o.inject, INJECT_NONE);
		assert_true(o.pasid == PASID_UNSET);
	}
}

static void every_word(void **state)
{
	struct options o =
		parsed(" T=A0?.* \tENGINE=xhci  selftest=mce deadline=2500 LIST PASID=0xFfFfF ");

	(void)state;
	assert_string_equal(o.tests, "A0?.*");
	assert_string_equal(o.engine, "xhci");
	assert_int_equal(o.selftest, SELFTEST_MCE);
	assert_int_equal(o.deadline_ms, 2500);
	assert_true(o.list);
	assert_int_equal(o.pasid, 0xfffff);
	assert_int_equal(parsed("PASID=0").pasid, 0);
	assert_int_equal(parsed("PASID=1048575").pasid, 1048575);
	assert_string_equal(parsed("T=a=b").tests, "a=b");
}

static void selftests(void **state)
{
	static const char *const names[] = { "none",     "exception", "nmi",       "mce",
					     "stuck",    "leak",      "damage",    "guard",
					     "wx",       "silent",    "fault",     "hang",
					     "hang-cli", "hang-irq",  "boot-hang", "boot-hang-cli",
					     "storm" };

	(void)state;
	for (unsigned i = SELFTEST_NONE; i <= SELFTEST_STORM; i++) {
		char line[40];

		snprintf(line, sizeof line, "selftest=%s", names[i]);
		assert_int_equal(parsed(line).selftest, i);
	}
}

static void engine_words(void **state)
{
	struct options o =
		parsed("MODE=race ROUNDS=100000 SEED=0xfeedFACE12345678 SHARD=3/7 STRICT MUTATE");

	(void)state;
	assert_int_equal(o.mode, MODE_RACE);
	assert_int_equal(o.rounds, 100000);
	assert_true(o.seed_given && o.seed == 0xfeedface12345678);
	assert_int_equal(o.shard, 3);
	assert_int_equal(o.shards, 7);
	assert_true(o.strict && o.mutate);
	assert_int_equal(parsed("MODE=step").mode, MODE_STEP);
	assert_int_equal(parsed("MODE=both").mode, MODE_BOTH);
	assert_int_equal(parsed("ROUNDS=0").rounds, 0);
	assert_int_equal(parsed("ROUNDS=1000000000").rounds, 1000000000);
	o = parsed("SEED=0");
	assert_true(o.seed_given && !o.seed);
	assert_true(parsed("SEED=18446744073709551615").seed == ~0ull);
	assert_true(parsed("SEED=0xffffffffffffffff").seed == ~0ull);
	assert_true(parsed("STRICT=1").strict);
	assert_false(parsed("STRICT=0").strict);
	refused("MODE=stepped", "\"MODE=stepped\" is not one of its values");
	refused("MODE", "\"MODE\" needs a value");
	refused("ROUNDS=1000000001", "\"ROUNDS=1000000001\" is out of range");
	refused("ROUNDS=many", "\"ROUNDS=many\" is not a number");
	refused("SEED=18446744073709551616", "\"SEED=18446744073709551616\" is out of range");
	refused("SEED=0x10000000000000000", "\"SEED=0x10000000000000000\" is out of range");
	refused("STRICT=", "\"STRICT=\" needs a value");
	refused("STRICT=2", "\"STRICT=2\" is neither 0 nor 1");
	refused("STRICT=10", "\"STRICT=10\" is neither 0 nor 1");
	refused("STRICT STRICT=0", "\"STRICT=0\" comes twice");
	refused("MUTATE=1", "\"MUTATE=1\" takes no value");
	refused("inject=queue",
		"\"inject=queue\" needs fault injection, and this build has none (make INJECT=1)");
}

/* Each index is in exactly one shard, whatever their number. */
static void minutes(void **state)
{
	(void)state;
	assert_int_equal(parsed("").soak_minutes, 0);
	assert_int_equal(parsed("soak=1").soak_minutes, 1);
	assert_int_equal(parsed("soak=100000").soak_minutes, 100000);
	refused("soak=0", "\"soak=0\" is out of range");
	refused("soak", "\"soak\" needs a value");
	assert_int_equal(parsed("").hand_overs, 0);
	assert_int_equal(parsed("handover=100").hand_overs, 100);
	refused("handover=0", "\"handover=0\" is out of range");
}

static void shards(void **state)
{
	static const char *const wrong[] = { "0/4",  "5/4",  "257/257", "1/257",
					     "1/0",  "0/0",  "/4",      "1/",
					     "/",    "1",    "1/2/3",   "-1/4",
					     "1/-4", "1 /4", "a/b",     "99999999999999999999/4" };
	struct options none = parsed("");

	(void)state;
	for (unsigned index = 0; index < 600; index++) {
		assert_true(shard_has(&none, index));
		for (unsigned n = 1; n <= 256; n += 51) {
			unsigned in = 0;

			for (unsigned i = 1; i <= n; i++) {
				struct options o = { .shard = i, .shards = n };
				in += shard_has(&o, index);
			}
			assert_int_equal(in, 1);
		}
	}
	assert_true(shard_has(&(struct options){ .shard = 1, .shards = 2 }, 0));
	assert_int_equal(parsed("SHARD=256/256").shard, 256);
	for (unsigned i = 0; i < ARRAY_SIZE(wrong); i++) {
		char line[60], sentence[120];

		snprintf(line, sizeof line, "SHARD=%s", wrong[i]);
		snprintf(sentence, sizeof sentence, "\"%.*s\" is not a part i of n, as i/n",
			 (int)strcspn(line, " "), line);
		refused(line, sentence);
	}
}

static void unknown_words(void **state)
{
	(void)state;
	refused("quiet", "\"quiet\" is not known");
	refused("LIST t=A", "\"t=A\" is not known");
	refused("TT=A", "\"TT=A\" is not known");
	refused("=A", "\"=A\" is not known");
	refused("PASI", "\"PASI\" is not known");
	refused("an-endless-word-that-nobody-wants-to-read-again",
		"\"an-endless-word-that-nobody-wants-to-rea...\" is not known");
}

static void wrong_values(void **state)
{
	char line[300] = "T=";

	(void)state;
	refused("T", "\"T\" needs a value");
	refused("PASID=", "\"PASID=\" needs a value");
	refused("LIST=", "\"LIST=\" takes no value");
	refused("LIST=1", "\"LIST=1\" takes no value");
	refused("selftest=boom", "\"selftest=boom\" is not one of its values");
	refused("selftest=nm", "\"selftest=nm\" is not one of its values");
	refused("ENGINE=a-name-that-is-16", "\"ENGINE=a-name-that-is-16\" is too long");
	assert_string_equal(parsed("ENGINE=one-of-15-bytes").engine, "one-of-15-bytes");
	memset(line + 2, 'x', 128);
	refused(line, "\"T=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...\" is too long");
	line[2 + 127] = '\0';
	assert_string_equal(parsed(line).tests, line + 2);
}

static void wrong_numbers(void **state)
{
	(void)state;
	refused("PASID=12x", "\"PASID=12x\" is not a number");
	refused("PASID=-1", "\"PASID=-1\" is not a number");
	refused("PASID=0x", "\"PASID=0x\" is not a number");
	refused("PASID=ff", "\"PASID=ff\" is not a number");
	refused("PASID=1048576", "\"PASID=1048576\" is out of range");
	refused("PASID=0x100000", "\"PASID=0x100000\" is out of range");
	refused("deadline=0", "\"deadline=0\" is out of range");
	/* 2^64 and 2^64 + 1 do not come round to small numbers. */
	refused("PASID=18446744073709551616", "\"PASID=18446744073709551616\" is out of range");
	refused("PASID=0x10000000000000001", "\"PASID=0x10000000000000001\" is out of range");
	refused("PASID=99999999999999999999999999999999z",
		"\"PASID=99999999999999999999999999999999z\" is not a number");
}

static void words_come_once(void **state)
{
	(void)state;
	refused("PASID=1 LIST PASID=1", "\"PASID=1\" comes twice");
	refused("LIST LIST", "\"LIST\" comes twice");
}

/* Whatever the size, the sentence ends within it. */
static void short_of_room(void **state)
{
	struct options o;
	char whole[512];

	(void)state;
	assert_false(cmdline_parse(&o, "what", whole, sizeof whole));
	for (size_t size = 1; size < 300; size++) {
		char *error = malloc(size);

		assert_non_null(error);
		assert_false(cmdline_parse(&o, "what", error, size));
		assert_int_equal(strlen(error), size <= strlen(whole) ? size - 1 : strlen(whole));
		assert_memory_equal(error, whole, strlen(error));
		free(error);
	}
}

static void globs(void **state)
{
	static const struct {
		const char *pattern, *text;
		bool match;
	} rows[] = {
		{ "", "", true },
		{ "", "a", false },
		{ "a", "", false },
		{ "*", "", true },
		{ "*", "anything", true },
		{ "**", "x", true },
		{ "A0*", "A01.read", true },
		{ "A0*", "B01.read", false },
		{ "*read", "A01.read", true },
		{ "*read", "A01.reads", false },
		{ "A0?.r*d", "A01.read", true },
		{ "A0?.r*d", "A0.read", false },
		{ "?", "", false },
		{ "?", "x", true },
		{ "??", "x", false },
		{ "*a*b*c", "xxaxxbxxabc", true },
		{ "*a*b*c", "xxaxxbxxab", false },
		{ "*ab", "aab", true },
		{ "a*a", "a", false },
		{ "A01", "a01", false },
		{ "*a*a*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		  false },
	};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
		if (glob(rows[i].pattern, rows[i].text) != rows[i].match)
			fail_msg("glob(\"%s\", \"%s\")", rows[i].pattern, rows[i].text);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_is_default), cmocka_unit_test(every_word),
		cmocka_unit_test(selftests),        cmocka_unit_test(engine_words),
		cmocka_unit_test(minutes),          cmocka_unit_test(shards),
		cmocka_unit_test(unknown_words),    cmocka_unit_test(wrong_values),
		cmocka_unit_test(wrong_numbers),    cmocka_unit_test(words_come_once),
		cmocka_unit_test(short_of_room),    cmocka_unit_test(globs),
	};

	return cmocka_run_group_tests_name("cmdline", tests, NULL, NULL);
}
