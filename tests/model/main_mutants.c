/* On the build machine: every scenario without each of its protections, against the model. make mutants; build/mutants C02 C13 for some ids. */
#include <stdio.h>
#include <string.h>

#include "tests/standard.h"

static struct standard standard;
static unsigned made[FATES], argued, passed, failed;

static bool try(const struct scenario *s, const struct mutant *m)
{
	char text[320], by[160];
	enum fate fate = standard_model(&standard, m, by, sizeof by);
	bool answered = mutants_answered(m, fate);

	mutants_text(text, sizeof text, s, m, fate, by);
	printf("# mutant %s%s\n", text, answered ? "" : " <-- not ok");
	made[fate]++;
	argued += m->why != NULL;
	return answered;
}

static void all(const struct scenario *s)
{
	const struct change *stray = mutants_stray(s);
	bool good = !stray;
	unsigned killed = made[KILLED] + made[GONE],
		 survived = made[SURVIVED] + made[NO_DIFFERENCE];
	struct mutant m;
	unsigned n = 0;

	standard_learn(&standard, s);
	if (standard.wrong)
		printf("# %s.%s: %s\n", s->id, s->name, standard.wrong);
	if (stray)
		printf("# %s.%s argues for what is no mutant: agent %u step %u with %u\n", s->id,
		       s->name, stray->agent, stray->no, stray->with);
	good &= !standard.wrong;
	for (; !standard.wrong && mutants_get(s, n, &m); n++)
		good &= try(s, &m);
	printf("%s %s.%s mutants=%u killed=%u survived=%u\n", good ? "ok" : "not ok", s->id,
	       s->name, n, made[KILLED] + made[GONE] - killed,
	       made[SURVIVED] + made[NO_DIFFERENCE] - survived);
	(*(good ? &passed : &failed))++;
}

/* Those whose id is named, or, with none, every one. */
static bool is_wanted(const struct scenario *s, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], s->id))
			return true;
	return argc == 1;
}

int main(int argc, char **argv)
{
	for (const struct scenario_ref *r = __start_scenarios; r != __stop_scenarios; r++)
		if (is_wanted(r->scenario, argc, argv))
			all(r->scenario);
	printf("mutants: %u killed, %u survived (%u argued), %u without a difference, %u undecided\n",
	       made[KILLED] + made[GONE], made[SURVIVED] + made[NO_DIFFERENCE], argued,
	       made[NO_DIFFERENCE], made[UNDECIDED]);
	printf("%u passed, %u failed\n", passed, failed);
	return failed || !passed;
}
