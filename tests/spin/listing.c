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

enum { MEMORY = 64 << 20, OUTCOME_TEXT = 200, NAME_TEXT = 80 };

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

/* Its name, and what Promela lacks for it. */
static void print_name(const struct scenario *s)
{
	const char *lacks = promela_lacks(s);
	char text[NAME_TEXT];

	name_of(text, s);
	printf("%s%s%s\n", text, lacks ? " " : "", lacks ? lacks : "");
}

static unsigned variant_now;

static bool print_outcome(void *arg, const struct outcome *seen)
{
	(void)arg;
	printf("= %u", variant_now);
	for (unsigned o = 1; o < OBSERVATIONS; o++)
		printf(" %u", seen->saw[o]);
	for (unsigned f = 0; f < FRAMES; f++)
		printf(" %u", seen->holds[f]);
	printf("\n");
	return true;
}

static bool print_outcomes(const struct scenario *s, enum model_mode mode,
			   const struct model_profile *profile)
{
	static void *bytes;

	if (!bytes)
		bytes = malloc(MEMORY);
	if (!bytes)
		return false;
	struct model_memory memory = model_memory(bytes, MEMORY);

	printf("%s.%s\n", s->id, s->name);
	for (unsigned c = 0; c == 0 || has_control(s, c - 1); c++) {
		static struct variant v;
		struct model_query q = { .scenario = &v.scenario,
					 .profile = profile,
					 .mode = mode };

		variant_now = c;
		if (!variant_make(&v, s, c ? s->control[c - 1].change : (struct change){ 0 })) {
			printf("! variant %u cannot be made\n", c);
			continue;
		}
		struct model_result r = model_run(&q, &memory, print_outcome, NULL);
		if (r.stuck)
			printf("= %u stuck\n", c);
		if (!r.complete || r.wrong)
			printf("! variant %u: %s\n", c, r.wrong ? r.wrong : "not complete");
	}
	return true;
}

/* Lines as above on standard input, in words on standard output. */
static void print_words(const struct scenario *s)
{
	char line[OUTCOME_TEXT], text[OUTCOME_TEXT];

	while (fgets(line, sizeof line, stdin)) {
		struct outcome seen = { 0 };
		char *at = line + 1;

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

static bool execute(const char *verb, const struct scenario *s)
{
	if (!strcmp(verb, "list"))
		print_name(s);
	else if (!strcmp(verb, "words"))
		print_words(s);
	else if (!is_complete(s))
		return false;
	else if (!strcmp(verb, "listing"))
		print_listing(s);
	else if (!strcmp(verb, "stepped"))
		return print_outcomes(s, MODEL_STEPPED, &model_arch);
	else if (!strcmp(verb, "racing"))
		return print_outcomes(s, MODEL_RACING, &model_arch);
	else if (!strcmp(verb, "qemu"))
		return print_outcomes(s, MODEL_RACING, &model_qemu_tcg);
	return true;
}

static const char usage[] = "usage: listing program | list [NAME...] | listing NAME | words NAME | "
			    "stepped NAME... | racing NAME... | qemu NAME...\n";

int main(int argc, char **argv)
{
	unsigned every = (unsigned)(__stop_scenarios - __start_scenarios);
	bool good = true;

	if (argc == 2 && !strcmp(argv[1], "program"))
		print_program();
	else if (argc == 2 && !strcmp(argv[1], "list"))
		for (unsigned n = 0; n < every; n++)
			print_name(__start_scenarios[n].scenario);
	else if (argc < 3)
		fputs(usage, stderr);
	for (int n = 2; good && n < argc; n++) {
		const struct scenario *s = find(argv[n]);

		if (!s)
			fprintf(stderr, "listing: there is no scenario %s\n", argv[n]);
		good = s && execute(argv[1], s);
	}
	return good ? 0 : 1;
}
