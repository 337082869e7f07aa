/* Pure: strings of SMBIOS structures. */
#include "kernel/smbios.h"

/* DSP0134 6.1.2: type, length of the formatted part, handle; 6.1.3: then strings, and two zeros after the last. */
enum { TYPE = 0, LENGTH = 1, HEAD = 4 };

/* The zero that ends a string; len: there is none. */
static size_t string_end(const u8 *table, size_t len, size_t at)
{
	while (at < len && table[at])
		at++;
	return at;
}

/* Behind the two zeros, or len. */
static size_t strings_end(const u8 *table, size_t len, size_t at)
{
	while (at + 1 < len && (table[at] || table[at + 1]))
		at++;
	return at + 1 < len ? at + 2 : len;
}

static bool copy(const u8 *from, size_t n, char *out, size_t size)
{
	for (size_t i = 0; i < n; i++)
		if (from[i] < ' ' || from[i] > '~' || n >= size)
			return false;
	for (size_t i = 0; i < n; i++)
		out[i] = (char)from[i];
	out[n] = 0;
	return n != 0;
}

bool smbios_string(const u8 *table, size_t len, u8 type, u8 field, char *out, size_t size)
{
	size_t at = 0, end;

	out[0] = 0;
	for (;;) {
		if (len - at < HEAD || table[at + LENGTH] < HEAD || table[at + LENGTH] > len - at)
			return false;
		if (table[at + TYPE] == type)
			break;
		at = strings_end(table, len, at + table[at + LENGTH]);
	}
	if (field < HEAD || field >= table[at + LENGTH] || !table[at + field])
		return false;
	u8 number = table[at + field];
	for (at += table[at + LENGTH];; at = end + 1) {
		end = string_end(table, len, at);
		if (end == len || end == at)
			return false;
		if (--number == 0)
			return copy(table + at, end - at, out, size);
	}
}
