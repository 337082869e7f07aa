/* Why hazards of the catalogue cannot be seen on QEMU: what it lacks is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lacks.h"
#include "tests/scenario.h"

static const struct scenario *scenario(const char *name)
{
	char id[80];

	for (const struct scenario_ref *r = __start_scenarios; r != __stop_scenarios; r++) {
		snprintf(id, sizeof id, "%s.%s", r->scenario->id, r->scenario->name);
		if (!strcmp(id, name))
			return r->scenario;
	}
	fail_msg("%s is not there", name);
	return NULL;
}

static void what_is_missing_is_named(void **state)
{
	static const struct {
		const char *name, *why;
	} rows[] = {
		{ "C02.not_awaited", "nothing that is queued is left to do" },
		{ "C02.others_status", "nothing that is queued is left to do" },
		{ "C04.no_wait", "nothing that is queued is left to do" },
		{ "C03.not_drained", "no DMA is on its way" },
		{ "C16.snapshot_no_drain", "no DMA is on its way" },
		{ "C07.split_one", "a large page is cached whole" },
		{ "C07.direct", "no IOTLB entry is forgotten" },
		{ "C21.not_written_back", "walks for devices see" },
		{ "C19.not_told", "that there is no entry" },
		{ "C12.one_domain", "what is cached for one device" },
		{ "C12.one_domain_told", "what is cached for one device" },
	};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct scenario *s = scenario(rows[i].name);
		const char *why = lacks(&model_qemu_tcg, s, s->shows);

		assert_non_null(why);
		assert_true(!strncmp(why, rows[i].why, strlen(rows[i].why)));
	}
}

/* It cannot be anywhere; or it takes more than one thing, or what others look for. */
static void nothing_is_made_up(void **state)
{
	const struct scenario *upper = scenario("C05.removed_hint"), *any = scenario("C02.awaited");

	(void)state;
	assert_null(lacks(&model_qemu_tcg, upper, upper->shows));
	assert_null(lacks(&model_qemu_tcg, any, any->forbid[0]));
	assert_null(lacks(&model_arch, any, any->forbid[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_missing_is_named),
		cmocka_unit_test(nothing_is_made_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
