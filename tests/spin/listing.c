/*
 * On the build machine: scenarios and their controls as Promela, and the outcomes that the model of
 * tests/model/ gives them. Used by tools/spin.py.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/model/model.h"
#include "tests/model/text.h"
#include "tests/spin/promela.h"
#include "tests/spin/random.h"
#include "tests/variant.h"

enum { MEMORY = 256 << 20, OUTCOME_TEXT = 200, NAME_TEXT = 80 };

static void name_of(char text[NAME_TEXT], const struct scenario *s)
{
	snprintf(text, NAME_TEXT, "%s.%s", s->id, s->name);
}

static const struct scenario *find(const char *name)
{
	char text[NAME_TEXT];
	unsigned seed;

	if (sscanf(name, "random.%u", &seed) == 1)
		return random_scenario(seed);
	for (const struct scenario_ref *s = __start_scenarios; s != __stop_scenarios; s++) {
		name_of(text, s->scenario);
		if (!strcmp(text, name))
			return s->scenario;
	}
	return NULL;
}

/* Its name, how many CPUs it needs, what Promela lacks for it. */
static void print_name(const struct scenario *s)
{
	const char *lacks = promela_lacks(s);
	char text[NAME_TEXT];

	name_of(text, s);
	if (lacks)
		printf("%s 0 %s\n", text, lacks);
	else
		printf("%s %u\n", text, promela_cpus(s));
}

static unsigned listing_now, variant_now;

static bool print_outcome(void *arg, const struct outcome *seen)
{
	(void)arg;
	printf("= %u %u", listing_now, variant_now);
	for (unsigned o = 1; o < OBSERVATIONS; o++)
		printf(" %u", seen->saw[o]);
	for (unsigned f = 0; f < FRAMES; f++)
		printf(" %u", seen->holds[f]);
	printf("\n");
	return true;
}

static void print_outcomes(const struct scenario *s, void *bytes, enum model_mode mode,
			   const struct model_profile *profile)
{
	for (unsigned c = 0; c == 0 || has_control(s, c - 1); c++) {
		struct model_memory memory = model_memory(bytes, MEMORY);
		static struct variant v;
		struct model_query q = { .scenario = &v.scenario,
					 .profile = profile,
					 .mode = mode };

		variant_now = c;
		if (!variant_make(&v, s, c ? s->control[c - 1].change : (struct change){ 0 })) {
			printf("! %u variant %u cannot be made\n", listing_now, c);
			continue;
		}
		struct model_result r = model_run(&q, &memory, print_outcome, NULL);
		if (r.stuck)
			printf("= %u %u stuck\n", listing_now, c);
		if (!r.complete || r.wrong)
			printf("! %u variant %u: %s\n", listing_now, c,
			       r.wrong ? r.wrong : "not complete");
	}
}

/* Lines of one listing as above on standard input, in words on standard output. */
static void print_words(const struct scenario *s)
{
	char line[OUTCOME_TEXT], text[OUTCOME_TEXT];

	while (fgets(line, sizeof line, stdin)) {
		struct outcome seen = { 0 };
		char *at = line + 1;

		strtoul(at, &at, 10);
		unsigned c = (unsigned)strtoul(at, &at, 10);
		for (unsigned o = 1; o < OBSERVATIONS; o++)
			seen.saw[o] = (u8)strtoul(at, &at, 10);
		for (unsigned f = 0; f < FRAMES; f++)
			seen.holds[f] = (u8)strtoul(at, &at, 10);
		printf("%s: ", variant_text(text, sizeof text, s,
					    c ? s->control[c - 1].change : (struct change){ 0 }));
		printf("%s\n", strstr(line, "stuck") ? "all wait for each other"
						     : model_text(text, sizeof text, s, &seen));
	}
}

/* Is all of it in the .pml files? If not, says what is missing. */
static bool is_complete(const struct scenario *s)
{
	const char *lacks = promela_lacks(s);

	if (lacks)
		fprintf(stderr, "%s.%s: tests/spin does not know %s\n", s->id, s->name, lacks);
	return !lacks;
}

static bool execute(const char *verb, const struct scenario *const *list, unsigned count)
{
	static const struct {
		const char *verb;
		enum model_mode mode;
		const struct model_profile *profile;
	} modes[] = {
		{ "stepped", MODEL_STEPPED, &model_arch },
		{ "racing", MODEL_RACING, &model_arch },
		{ "qemu", MODEL_RACING, &model_qemu_tcg },
	};
	unsigned m = 0;

	while (m < ARRAY_SIZE(modes) && strcmp(verb, modes[m].verb))
		m++;
	void *bytes = m < ARRAY_SIZE(modes) ? malloc(MEMORY) : NULL;

	for (unsigned n = 0; n < count; n++) {
		if (!strcmp(verb, "list")) {
			print_name(list[n]);
		} else if (!strcmp(verb, "words")) {
			print_words(list[n]);
		} else if (!is_complete(list[n])) {
			return false;
		} else if (bytes) {
			listing_now = n;
			print_outcomes(list[n], bytes, modes[m].mode, modes[m].profile);
		}
	}
	free(bytes);
	if (!strcmp(verb, "promela"))
		print_promela(list, count);
	return true;
}

int main(int argc, char **argv)
{
	unsigned every = (unsigned)(__stop_scenarios - __start_scenarios);
	unsigned count = argc > 2 ? (unsigned)argc - 2 : every;
	const struct scenario **list = calloc(count, sizeof *list);
	bool good = list && argc > 1;

	for (unsigned n = 0; good && n < count; n++) {
		list[n] = argc > 2 ? find(argv[n + 2]) : __start_scenarios[n].scenario;
		good = list[n];
		if (!good)
			fprintf(stderr, "listing: there is no scenario %s\n", argv[n + 2]);
	}
	if (argc < 2)
		fprintf(stderr,
			"usage: listing list | promela | stepped | racing | qemu | words NAME...\n");
	good = good && execute(argv[1], list, count);
	free(list);
	return good ? 0 : 1;
}
