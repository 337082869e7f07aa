#pragma once
#include "kernel/types.h"

/*
 * A field is named by the two bit numbers printed in the manual, high first. It packs into an int,
 * so it can be an enumerator. Numbers above 63 name a field of a later 64-bit word of the same
 * structure: word_of() says which. Only get(), put() and mask() look inside: nobody shifts by hand.
 */
#define FIELD(hi, lo) ((hi) << 12 | (lo))

/* A register or structure is one listing, X(F), of F(name, hi, lo); these are its expansions. */
#define AS_ENUM(name, hi, lo)  name = FIELD(hi, lo),
#define AS_FIELD(name, hi, lo) FIELD(hi, lo),
#define AS_NAME(name, hi, lo)  #name "\0"

static inline unsigned field_hi(int f) { return (unsigned)f >> 12; }
static inline unsigned field_lo(int f) { return (unsigned)f & 0xfff; }
static inline unsigned field_width(int f) { return field_hi(f) - field_lo(f) + 1; }
static inline unsigned word_of(int f) { return field_lo(f) / 64; }

static inline u64 mask(int f) { return ~0ull >> (64 - field_width(f)) << (field_lo(f) & 63); }
static inline u64 get(u64 v, int f) { return (v & mask(f)) >> (field_lo(f) & 63); }

/* A constant too wide for its field does not compile; a variable one is cut to the field. */
__attribute__((error("value does not fit its field"))) void field_overflow(void);
static inline __attribute__((always_inline)) u64 put(int f, u64 x)
{
#ifdef __OPTIMIZE__
	if (__builtin_constant_p(x) && __builtin_constant_p(f) && x > mask(f) >> (field_lo(f) & 63))
		field_overflow();
#endif
	return x << (field_lo(f) & 63) & mask(f);
}
