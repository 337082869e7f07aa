/* Physical memory for host tests, and every way to damage a table. */
#include "tests/host/memory.h"
#include <stdlib.h>
#include <string.h>

enum { BLOCKS = 32, TOLD = 8192 };

static struct {
	u64 pa;
	size_t len;
	u8 *bytes;
} block[BLOCKS];
static unsigned blocks;
static char told[TOLD];
static size_t told_len;

static const void *view(struct pa pa, size_t len)
{
	for (unsigned i = 0; i < blocks; i++)
		if (pa.v >= block[i].pa && pa.v - block[i].pa <= block[i].len &&
		    len <= block[i].len - (pa.v - block[i].pa))
			return block[i].bytes + (pa.v - block[i].pa);
	return NULL;
}

static void problem(const char *sentence)
{
	size_t len = strlen(sentence);

	if (told_len + len + 2 > sizeof told)
		abort();
	memcpy(told + told_len, sentence, len);
	memcpy(told + told_len + len, "\n", 2);
	told_len += len + 1;
}

struct firmware memory = { .view = view, .problem = problem };

void memory_clear(void)
{
	while (blocks)
		free(block[--blocks].bytes);
	memory.told = 0;
	told[0] = '\0';
	told_len = 0;
}

/* A copy of exactly len bytes; malloc(0) is a block too. */
static u8 *copy_of(const void *bytes, size_t len)
{
	u8 *copy = malloc(len);

	if (!copy)
		abort();
	if (len)
		memcpy(copy, bytes, len);
	return copy;
}

u8 *memory_put(u64 pa, const void *bytes, size_t len)
{
	if (blocks == BLOCKS)
		abort();
	block[blocks].pa = pa;
	block[blocks].len = len;
	block[blocks].bytes = copy_of(bytes, len);
	return block[blocks++].bytes;
}

unsigned memory_problems(void) { return memory.told; }
bool memory_told(const char *text) { return strstr(told, text) != NULL; }

void table_checksum(u8 *table, size_t len)
{
	u8 sum = 0;

	if (len < 10)
		return;
	table[9] = 0;
	for (size_t i = 0; i < len; i++)
		sum = (u8)(sum + table[i]);
	table[9] = (u8)-sum;
}

void each_truncation(const u8 *bytes, size_t len, void (*run)(u8 *bytes, size_t len))
{
	for (size_t n = 0; n <= len; n++) {
		u8 *copy = copy_of(bytes, n);

		run(copy, n);
		free(copy);
	}
}

void each_change(const u8 *bytes, size_t first, size_t len, void (*run)(u8 *bytes, size_t len))
{
	u8 *copy = copy_of(bytes, len);

	for (size_t at = first; at < len; at++)
		for (unsigned x = 1; x < 256; x++) {
			memcpy(copy, bytes, len);
			copy[at] = (u8)(bytes[at] ^ x);
			run(copy, len);
		}
	free(copy);
}

void some_changes(const u8 *bytes, size_t len, unsigned rounds, void (*run)(u8 *bytes, size_t len))
{
	u8 *copy = copy_of(bytes, len);

	while (rounds--) {
		memcpy(copy, bytes, len);
		for (u32 n = random_u32() % 8 + 1; n; n--)
			copy[random_u32() % len] = (u8)random_u32();
		run(copy, len);
	}
	free(copy);
}

/* xorshift */
u32 random_u32(void)
{
	static u32 x = 2463534242u;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return x;
}
