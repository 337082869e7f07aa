#pragma once
#include "kernel/types.h"

/*
 * Conformance of the unit: what a reader of the specification would try on its interface of translation and invalidation, beside
 * the catalogue. A case is a row of a table, and a KTAP test of its own; a table is one file, data alone, and what
 * executes its rows another. Tests U01 to U09, T=U*.
 */
struct unit_row {
	const char *name; /* "U03.context_absent" */
	const char *claim;
	u32 needs; /* as a scenario's */
	/* It cannot be told what is right: why, as the words after "needs". What is seen is a fact. */
	const char *doubt;
};

struct unit_run;

struct unit_table {
	const char *file, *source;
	const void *rows; /* each begins with its struct unit_row */
	u32 stride, count;
	void (*run)(const struct unit_row *row, struct unit_run *r); /* NULL on the build machine */
};

static inline const struct unit_row *unit_row(const struct unit_table *t, unsigned i)
{
	return (const struct unit_row *)(const void *)((const u8 *)t->rows + (size_t)i * t->stride);
}

/* All of them; without any there are none (build/bare.elf). */
extern const struct unit_table *const __start_units[] __attribute__((weak));
extern const struct unit_table *const __stop_units[] __attribute__((weak));

#ifdef HOST
#define UNIT_RUN(function) NULL
#else
#define UNIT_RUN(function) function
#endif
#define UNIT_TABLE(table, function, where)                                                      \
	static const struct unit_table table##_table = {                                        \
		__FILE__, where, table, sizeof(table)[0], ARRAY_SIZE(table), UNIT_RUN(function) \
	};                                                                                      \
	static const struct unit_table *const table##_ref                                       \
		__attribute__((used, section("units"))) = &table##_table
