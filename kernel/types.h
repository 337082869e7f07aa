#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

/* In a file that is compiled for speed: a function that is not. */
#define SELDOM __attribute__((cold))

#define ARRAY_SIZE(a) (sizeof(a) / sizeof *(a))

/* Unaligned, little-endian views of bytes that firmware or a loader wrote. */
static inline u16 le16(const void *p)
{
	u16 v;
	__builtin_memcpy(&v, p, sizeof v);
	return v;
}
static inline u32 le32(const void *p)
{
	u32 v;
	__builtin_memcpy(&v, p, sizeof v);
	return v;
}
static inline u64 le64(const void *p)
{
	u64 v;
	__builtin_memcpy(&v, p, sizeof v);
	return v;
}
