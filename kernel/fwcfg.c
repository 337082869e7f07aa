#include "kernel/fwcfg.h"
#include "kernel/power.h"
#include "kernel/string.h"
#include "kernel/x86.h"

enum {
	SELECTOR = 0x510,
	DATA = 0x511,
	SIGNATURE = 0,
	DIRECTORY = 0x19,
	NAME = 56,
	FILES_MAX = 1024
};

static void bytes(void *to, size_t n)
{
	for (u8 *p = to; n--; p++)
		*p = inb(DATA);
}

static u32 big_endian(unsigned n)
{
	u32 v = 0;

	while (n--)
		v = v << 8 | inb(DATA);
	return v;
}

bool fwcfg_is_there(void)
{
	char found[4];

	/* On a real machine nobody knows what listens at that port. */
	if (!power_is_qemu())
		return false;
	outw(SELECTOR, SIGNATURE);
	bytes(found, sizeof found);
	return !memcmp(found, "QEMU", sizeof found);
}

size_t fwcfg_read(const char *name, void *out, size_t max)
{
	char found[NAME];

	if (!fwcfg_is_there())
		return 0;
	outw(SELECTOR, DIRECTORY);
	u32 files = big_endian(4);
	for (u32 i = 0; i < files && i < FILES_MAX; i++) {
		u32 length = big_endian(4);
		u16 key = (u16)big_endian(2);

		big_endian(2);
		bytes(found, sizeof found);
		found[NAME - 1] = 0;
		if (strcmp(found, name) != 0)
			continue;
		outw(SELECTOR, key);
		if (length > max)
			length = (u32)max;
		bytes(out, length);
		return length;
	}
	return 0;
}

bool fwcfg_text(const char *name, char *out, size_t size)
{
	size_t n = fwcfg_read(name, out, size - 1);

	out[n] = 0;
	return n != 0;
}
