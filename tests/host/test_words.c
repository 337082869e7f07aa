/* Which symbol is a word? A wrong answer makes one page look like another. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/scenario.h"
#include "tests/words.h"

static u64 played_word(const struct dma_engine *e, unsigned symbol)
{
	(void)e;
	return 0x1000 + symbol * DMA_LINE;
}
static u64 played_tail(const struct dma_engine *e)
{
	(void)e;
	return 0x1234;
}
static const struct dma_ops ops = { .word = played_word, .tail = played_tail };
static const struct dma_engine played = { .ops = &ops };
static const struct dma_engine *const engines[] = { NULL, &played };

static struct words learnt(unsigned engine)
{
	struct words w;

	words_learn(&w, engines[engine], NULL);
	return w;
}

static void there_and_back(void **state)
{
	(void)state;
	for (unsigned e = 0; e < ARRAY_SIZE(engines); e++)
		for (unsigned s = 0; s < DMA_SYMBOLS; s++) {
			struct words w = learnt(e);
			assert_int_equal(words_symbol(&w, w.of[s]), s);
		}
}

static void what_nobody_wrote(void **state)
{
	/* Poison of a freed frame, absent memory, one bit of a word that somebody did write. */
	static const u64 words[] = { 0x5a5a5a5a5a5a5a5a, ~0ull, 0x0101010101010100, 0x1001, 1 };

	(void)state;
	struct words ours = learnt(0), theirs = learnt(1);

	for (unsigned i = 0; i < ARRAY_SIZE(words); i++) {
		assert_int_equal(words_symbol(&ours, words[i]), OTHER);
		assert_int_equal(words_symbol(&theirs, words[i]), OTHER);
	}
	assert_true((int)OTHER >= DMA_SYMBOLS && (int)BLOCKED >= DMA_SYMBOLS);
	/* One engine's words are not another's. */
	assert_int_equal(words_symbol(&ours, theirs.of[N]), OTHER);
	assert_int_equal(words_symbol(&theirs, ours.of[N]), OTHER);
}

static u64 other_word(const struct dma_engine *e, unsigned symbol)
{
	(void)e;
	return 0x9000 + symbol;
}

/* Only what it writes: of its other words nobody is to say that they are ours. */
static void of_a_second_engine(void **state)
{
	static const struct dma_ops other_ops = { .word = other_word };
	static const struct dma_engine other = { .ops = &other_ops };
	struct words w;

	(void)state;
	words_learn(&w, &played, &other);
	assert_int_equal(words_symbol(&w, 0x9000 + X), X);
	assert_int_equal(words_symbol(&w, 0x9000 + N), OTHER);
	assert_int_equal(words_symbol(&w, played_word(NULL, X)), X);
}

static void a_line(void **state)
{
	u8 line[DMA_LINE];
	u64 word, tail;
	struct words w = learnt(1);

	(void)state;
	memset(line, 0xaa, sizeof line);
	words_line(&w, line, N);
	memcpy(&word, line, 8);
	memcpy(&tail, line + 8, 8);
	assert_int_equal(word, played_word(NULL, N));
	assert_int_equal(tail, 0x1234);
	for (unsigned i = 16; i < DMA_LINE; i++)
		assert_int_equal(line[i], 0xaa);
	memset(line, 0xaa, sizeof line);
	words_tail(&w, line);
	memcpy(&word, line, 8);
	assert_int_equal(word, 0xaaaaaaaaaaaaaaaa);
}

static void names_differ(void **state)
{
	static const unsigned symbols[] = { NOTHING,   O,        N,        X,         Y,
					    S,         MARK(P0), MARK(P1), MARK(K),   BLOCKED,
					    LANDED,    OTHER,    EMPTY,    MIGRATION, SWAP,
					    TABLE(T0), TABLE(T1) };

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(symbols); i++)
		for (unsigned j = 0; j < i; j++)
			assert_string_not_equal(words_name(symbols[i]), words_name(symbols[j]));
	for (unsigned i = 0; i < 256; i++)
		assert_non_null(words_name(i));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),    cmocka_unit_test(of_a_second_engine),
		cmocka_unit_test(what_nobody_wrote), cmocka_unit_test(a_line),
		cmocka_unit_test(names_differ),
	};

	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
