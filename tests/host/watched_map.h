#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/host/watched.h"

/* Every operation under the eyes of tests/host/watched.h, once with snooping walkers and once without. */

#define XD (1ull << 63)

enum { RW_USER = PAGE_WRITE | PAGE_USER };
static const u64 A = 0x123456789000, B = 0x12345678a000, BIG = 0x123456600000;

static const enum watched_by bys[] = { ALL_SNOOP, SOME_DO_NOT_SNOOP };
#define for_each_by(by) for (const enum watched_by *by = bys; by < bys + ARRAY_SIZE(bys); by++)

static inline void finish(struct watched *w)
{
	if (w->violations)
		print_error("%s\n", w->first);
	assert_int_equal(w->violations, 0);
	free(w);
}

static inline bool map(struct watched *w, u64 va, u64 pa, u64 size, u32 flags)
{
	return pt_map(&w->memory, w->root, (struct va){ va }, (struct pa){ pa }, size, flags,
		      PG_1G);
}

static inline struct pa entry(struct watched *w, u64 va, enum pg_level level)
{
	return pt_entry(&w->memory, w->root, (struct va){ va }, level);
}

static inline void set(struct watched *w, u64 va, enum pg_level level, u64 pte)
{
	pt_set(&w->memory, entry(w, va, level), pte);
}
