#include "kernel/string.h"

/*
 * A compiler that recognises a loop as memset or strlen calls that function: here, itself. An empty
 * volatile asm in the loop is not recognised, by any compiler.
 */
#define NOT_AN_IDIOM() __asm__ volatile("")

/* Words first, then the rest: an emulator takes as long for a byte as for a word. */
void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
	void *d = to;
	size_t words = n / sizeof(u64), bytes = n % sizeof(u64);

	__asm__ volatile("rep movsq" : "+D"(d), "+S"(from), "+c"(words) : : "memory");
	__asm__ volatile("rep movsb" : "+D"(d), "+S"(from), "+c"(bytes) : : "memory");
	return to;
}

void *memset(void *to, int byte, size_t n)
{
	void *d = to;
	size_t words = n / sizeof(u64), bytes = n % sizeof(u64);
	u64 word = (u8)byte * 0x0101010101010101ull;

	__asm__ volatile("rep stosq" : "+D"(d), "+c"(words) : "a"(word) : "memory");
	__asm__ volatile("rep stosb" : "+D"(d), "+c"(bytes) : "a"(word) : "memory");
	return to;
}

void *memmove(void *to, const void *from, size_t n)
{
	u8 *d = to;
	const u8 *s = from;

	/* Upwards is right unless to lies inside from. Not with std: a trap would come with DF set. */
	if ((uintptr_t)d - (uintptr_t)s >= n)
		return memcpy(to, from, n);
	while (n--) {
		d[n] = s[n];
		NOT_AN_IDIOM();
	}
	return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const u8 *x = a, *y = b;

	for (size_t i = 0; i < n; i++) {
		if (x[i] != y[i])
			return x[i] - y[i];
	}
	return 0;
}

size_t strlen(const char *s)
{
	size_t n = 0;

	while (s[n]) {
		n++;
		NOT_AN_IDIOM();
	}
	return n;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return (u8)*a - (u8)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++) {
		if (*a != *b || !*a)
			return (u8)*a - (u8)*b;
	}
	return 0;
}

char *strchr(const char *s, int c)
{
	for (; *s != (char)c; s++) {
		if (!*s)
			return NULL;
	}
	return (char *)(uintptr_t)s;
}
