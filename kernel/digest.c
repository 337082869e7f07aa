/* Pure: a short digest of text. */
#include "kernel/digest.h"
#include "kernel/format.h"

#define FNV_OFFSET 0xcbf29ce484222325ull
#define FNV_PRIME  0x100000001b3ull

u64 digest_add(u64 digest, const char *text)
{
	if (!digest)
		digest = FNV_OFFSET;
	for (; *text; text++)
		digest = (digest ^ (u8)*text) * FNV_PRIME;
	return digest;
}

const char *digest_text(char text[DIGEST_TEXT], u64 digest)
{
	format(text, DIGEST_TEXT, "%04x-%04x-%04x-%04x", (u32)(digest >> 48),
	       (u32)(digest >> 32) & 0xffff, (u32)(digest >> 16) & 0xffff, (u32)digest & 0xffff);
	return text;
}
