/* Conformance of the unit: its tables, the words of what was seen, and the deviations that list those. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/deviations.h"
#include "tests/needs.h"
#include "tests/unit/rows.h"
#include "tests/unit/seen.h"

static void each(void (*check)(const struct unit_table *t, const struct unit_row *row))
{
	assert_ptr_not_equal(&__start_units[0], &__stop_units[0]);
	for (const struct unit_table *const *t = __start_units; t != __stop_units; t++)
		for (unsigned i = 0; i < (*t)->count; i++)
			check(*t, unit_row(*t, i));
}

static const char *name;
static unsigned namesakes;
static void count(const struct unit_table *t, const struct unit_row *row)
{
	(void)t;
	namesakes += !strcmp(row->name, name);
}

static unsigned called(const char *wanted)
{
	name = wanted;
	namesakes = 0;
	each(count);
	return namesakes;
}

/* Of its own table, which is called as its file is; and nobody else is called so. */
static void well_named(const struct unit_table *t, const struct unit_row *row)
{
	const char *file = strrchr(t->file, '/') + 1;

	assert_memory_equal(row->name, file, 3);
	assert_true(row->name[0] == 'U' && row->name[3] == '.' && row->name[4]);
	assert_int_equal(called(row->name), 1);
	assert_null(strpbrk(row->name, " #\n"));
	assert_null(strpbrk(row->claim, "#\n"));
	assert_true(strlen(row->claim) > 5 && strlen(t->source) > 3);
}

/* None is run where nothing can be seen, or where its walks are by the other stage. */
static void needs_a_device(const struct unit_table *t, const struct unit_row *row)
{
	(void)t;
	assert_true(row->needs & (NEED_READ | NEED_WRITE | NEED_BEGIN | NEED_ATS));
	assert_true(!(row->needs & NEED_MARKS) != !(row->needs & NEED_SECOND));
}

static void names(void **state) { (void)state, each(well_named); }
static void needs(void **state) { (void)state, each(needs_a_device); }

/* A field that is changed is changed to what fits, and is not what it was: P=1, FPD=0. */
static void faults(void **state)
{
	(void)state;
	for (const struct unit_table *const *t = __start_units; t != __stop_units; t++)
		for (unsigned i = 0;
		     (strstr((*t)->file, "U03_faults") || strstr((*t)->file, "U03_second")) &&
		     i < (*t)->count;
		     i++) {
			const struct fault_row *f = (const void *)unit_row(*t, i);

			assert_true(f->field != UNIT_NO_FIELD || f->va);
			if (f->field != UNIT_NO_FIELD)
				assert_int_equal(get(put(f->field, f->value), f->field), f->value);
			assert_in_range(f->entry, UNIT_ROOT, UNIT_PTE);
			assert_true(!f->reason || strncmp(vtd_fault_text(f->reason), "reason", 6));
		}
}

/* The same of modes; and what is refused by none of its capabilities says as what. */
static void modes(void **state)
{
	unsigned count = 0;

	(void)state;
	for (const struct unit_table *const *t = __start_units; t != __stop_units; t++)
		for (unsigned i = 0; strstr((*t)->file, "U06_modes") && i < (*t)->count; i++) {
			const struct mode_row *m = (const void *)unit_row(*t, i);

			if (m->field != UNIT_NO_FIELD)
				assert_int_equal(get(put(m->field, m->value), m->field), m->value);
			assert_in_range(m->ttm, VTD_TTM_LEGACY, VTD_TTM_ABORT);
			assert_true(m->ttm != VTD_TTM_SCALABLE || m->nowhere);
			assert_true(m->reason || !m->unless);
			assert_false(m->back && (m->reason || m->va));
			count++;
		}
	assert_true(count);
}

static void seen(void **state)
{
	char text[UNIT_SEEN_TEXT];
	struct unit_seen s = { .at = UNIT_OLD, .page = 0x5000, .sid = 0x20, .access = VTD_READ };

	(void)state;
	assert_string_equal(unit_seen_text(text, &s), "old");
	s.at = UNIT_NOWHERE;
	assert_string_equal(unit_seen_text(text, &s), "nothing");
	s.faulted = true;
	s.fault = (struct vtd_fault){
		.reason = 0x71, .sid = 0x20, .access = VTD_READ, .page = { 0x5000 }
	};
	assert_string_equal(unit_seen_text(text, &s), "reason=0x71");
	s.at = UNIT_NEW;
	assert_string_equal(unit_seen_text(text, &s), "new, reason=0x71");
	s.fault = (struct vtd_fault){ .reason = 0x85,
				      .sid = 0x28,
				      .access = VTD_WRITE,
				      .page = { 0x6000 },
				      .has_pasid = true,
				      .pasid = 7 };
	s.at = UNIT_NOWHERE;
	assert_string_equal(unit_seen_text(text, &s),
			    "reason=0x85 page=0x6000 sid=0x28 access=write pasid=0x7");
	s.rid_pasid = 7;
	assert_string_equal(unit_seen_text(text, &s),
			    "reason=0x85 page=0x6000 sid=0x28 access=write");
}

static void groups(void **state)
{
	struct unit_groups g = { .count = 0 };
	char text[100];

	(void)state;
	assert_string_equal(unit_groups_text(text, sizeof text, &g), "");
	unit_group(&g, 1, "a");
	unit_group(&g, 2, "a");
	unit_group(&g, 4, "b");
	unit_group(&g, 5, "a");
	unit_group(&g, 7, "a");
	unit_group(&g, 8, "a");
	assert_string_equal(unit_groups_text(text, sizeof text, &g), "a: 1-2,5,7-8; b: 4");
}

/* What is listed is there, and excused in the versions that were tried, by its whole outcome. */
static void deviation(const struct deviation *d, const char *test, const char *outcome)
{
	struct platform p = { .kind = d->kind, .accel = d->accel, .version = d->first };
	char more[300];

	assert_int_equal(called(test), 1);
	assert_ptr_equal(deviation_named(&p, test, DEVIATES_STEPPED, outcome, NULL), d);
	assert_ptr_equal(deviation_named(&p, test, DEVIATES_STEPPED, NULL, NULL), d);
	snprintf(more, sizeof more, "%s.", outcome);
	assert_null(deviation_named(&p, test, DEVIATES_STEPPED, more, NULL));
	assert_null(deviation_named(&p, test, DEVIATES_RACING, outcome, NULL));
	p.version = d->last + VERSION(0, 1, 0);
	assert_null(deviation_named(&p, test, DEVIATES_STEPPED, outcome, NULL));
	p.version = d->first - 1;
	assert_null(deviation_named(&p, test, DEVIATES_STEPPED, outcome, NULL));
	p.version = d->last;
	p.kind = PLATFORM_HARDWARE;
	assert_null(deviation_named(&p, test, DEVIATES_STEPPED, outcome, NULL));
}

static void deviations_of_units(void **state)
{
	(void)state;
	for (const struct deviation *d = __start_deviations; d != __stop_deviations; d++)
		for (const struct deviation_shown *x = d->shows; x->test; x++)
			if (x->test[0] == 'U')
				deviation(d, x->test, x->outcome);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(needs),
		cmocka_unit_test(faults),
		cmocka_unit_test(modes),
		cmocka_unit_test(seen),
		cmocka_unit_test(groups),
		cmocka_unit_test(deviations_of_units),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
