/*
 * On the build machine: a scenario and its controls as Promela, and the outcomes that the model of
 * tests/model/ gives them. Used by tools/spin.py.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/model/model.h"
#include "tests/model/text.h"
#include "tests/variant.h"

enum { MEMORY = 256 << 20, OUTCOME_TEXT = 200 };

/* How a step uses what Promela must make room for: plain stores, and descriptors. */
static const struct {
	u8 op, stores, slots;
} room[] = {
	{ OP_store, 1, 0 },       { OP_copy, 1, 0 },        { OP_reuse, 2, 0 },
	{ OP_store_seen, 1, 0 },  { OP_pte_set, 1, 0 },     { OP_sti, 1, 0 },
	{ OP_unlock, 1, 0 },      { OP_tell, 1, 0 },        { OP_word_set, 1, 0 },
	{ OP_iommu_queue, 0, 1 }, { OP_iommu_flush, 0, 1 }, { OP_pasid_queue, 0, 1 },
	{ OP_dtlb_queue, 0, 1 },
};

static const struct scenario *find(const char *name)
{
	char text[80];

	for (const struct scenario_ref *s = __start_scenarios; s != __stop_scenarios; s++) {
		snprintf(text, sizeof text, "%s.%s", s->scenario->id, s->scenario->name);
		if (!strcmp(text, name))
			return s->scenario;
	}
	return NULL;
}

/* An operation that tests/spin does not know, or NULL. */
static const char *unknown(const struct scenario *s)
{
	static const u8 ops[] = { OP_pde_read,        OP_pde_same,     OP_pde_clear,
				  OP_pde_set,         OP_pde_exchange, OP_table_read,
				  OP_table_leaf,      OP_table_reuse,  OP_table_touched,
				  OP_iommu_queue_leaf };

	for (unsigned a = 0; a < AGENTS; a++)
		for (unsigned i = 0; i < s->agents[a].count; i++)
			for (unsigned o = 0; o < ARRAY_SIZE(ops); o++)
				if (s->agents[a].steps[i].op == ops[o])
					return s->agents[a].steps[i].op_name;
	return s->tables ? "tables" : NULL;
}

static void print_list(void)
{
	for (const struct scenario_ref *r = __start_scenarios; r != __stop_scenarios; r++) {
		const char *op = unknown(r->scenario);

		printf("%s.%s%s%s\n", r->scenario->id, r->scenario->name, op ? " " : "",
		       op ? op : "");
	}
}

static bool is_changed(const struct scenario *s, unsigned control)
{
	return control < CONTROLS && s->control[control].change.step;
}

static void print_room(const struct scenario *s)
{
	unsigned stores = 1, slots = 0, cpus = 0;

	for (unsigned a = 0; a < AGENTS; a++) {
		unsigned here = 0;

		for (unsigned i = 0; i < s->agents[a].count + s->warm[a].count; i++) {
			const struct step *x = i < s->agents[a].count
						       ? &s->agents[a].steps[i]
						       : &s->warm[a].steps[i - s->agents[a].count];

			for (unsigned r = 0; r < ARRAY_SIZE(room); r++)
				if (room[r].op == x->op) {
					here += room[r].stores;
					slots += room[r].slots;
				}
		}
		if (a < CPU_AGENTS && s->agents[a].count)
			cpus = a + 1;
		if (a < CPU_AGENTS && here > stores)
			stores = here;
	}
	/* As many bits has a byte of queue.pml. */
	if (slots > 8) {
		fprintf(stderr, "more than 8 descriptors: tests/spin/queue.pml has no room\n");
		exit(1);
	}
	printf("#define CPUS %u\n#define STORES %u\n#define SLOTS %u\n", cpus ? cpus : 1, stores,
	       slots ? slots : 1);
	printf("#define OWN_STORE(who, address, otherwise) ");
	for (unsigned i = stores; i--;)
		printf("((who) < CPUS && stores[who].count > %u && stores[who].at[%u] == (address) "
		       "-> stores[who].what[%u] : ",
		       i, i, i);
	printf("otherwise");
	for (unsigned i = 0; i < stores; i++)
		printf(")");
	printf("\n");
}

static void print_names(void)
{
	static const struct {
		const char *name;
		unsigned value;
	} names[] = {
		{ "AGENTS", AGENTS },
		{ "FRAMES", FRAMES },
		{ "PLACES", PLACES },
		{ "WORDS", WORDS },
		{ "LOCKS", LOCKS },
		{ "COUNTS", COUNTS },
		{ "OBSERVATIONS", OBSERVATIONS },
		{ "RW", RW },
		{ "S", S },
		{ "BLOCKED", BLOCKED },
		{ "LANDED", LANDED },
		{ "YES", YES },
		{ "NO", NO },
		{ "EMPTY", EMPTY },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(names); n++)
		printf("#define %s %u\n", names[n].name, names[n].value);
	printf("#define MARK(frame) (%u + (frame))\n#define COUNT(number) (%u + (number))\n",
	       MARK(0), COUNT(0));
}

static void print_step(unsigned who, const struct step *x)
{
	char call[80];

	snprintf(call, sizeof call, "%s(%u, %lu, %lu, %lu)", x->op_name, who, x->a, x->b, x->c);
	if (x->if_saw)
		printf("if :: saw[%u] == %u -> %s :: else fi;", x->if_saw, x->is, call);
	else
		printf("%s;", call);
	printf(" /* %u %s %s */\n", x->no, x->op_name, x->args);
}

/* What a control has where the listing has its step number i; NULL: nothing, the step is left out. */
static const struct step *instead(const struct scenario *s, unsigned a, unsigned i,
				  unsigned control, struct variant *v)
{
	const struct agent *was = &s->agents[a];

	if (!variant_make(v, s, s->control[control].change))
		exit(1);
	const struct agent *is = &v->scenario.agents[a];
	if (is->count == was->count)
		return &is->steps[i];
	for (unsigned j = 0; j < is->count; j++)
		if (is->steps[j].no == was->steps[i].no)
			return &is->steps[j];
	return NULL;
}

static void print_steps(const struct scenario *s, unsigned a)
{
	for (unsigned i = 0; i < s->agents[a].count; i++) {
		const struct step *x = &s->agents[a].steps[i];
		bool differs = false;

		for (unsigned c = 0; is_changed(s, c); c++) {
			static struct variant v;
			const struct step *other = instead(s, a, i, c, &v);

			if (other && other->no == x->no)
				continue;
			printf("%s:: variant == %u -> ", differs ? "\t" : "\tif\n\t", c + 1);
			if (other)
				print_step(a, other);
			else
				printf("skip\n");
			differs = true;
		}
		printf("%s", differs ? "\t:: else -> " : "\t");
		print_step(a, x);
		if (differs)
			printf("\tfi;\n");
	}
}

static void print_start(const struct scenario *s)
{
	for (unsigned p = 0; p < PLACES; p++) {
		unsigned state = s->maps[p].state;

		if (s->maps[p].rights)
			printf("\td_step { set_pte(%u, LEAF(%u, %s%s%s)) }\n", p, s->maps[p].frame,
			       s->maps[p].rights == RW ? "WRITABLE | " : "",
			       state == LEAF_FRESH ? "0" : "ACCESSED",
			       state == LEAF_USED && s->maps[p].rights == RW ? " | DIRTY" : "");
	}
	for (unsigned f = 0; f < FRAMES; f++)
		if (s->refs[f])
			printf("\tmem[REF(%u)] = %u;\n", f, s->refs[f]);
	for (unsigned w = 0; w < WORDS; w++)
		if (s->words[w])
			printf("\tmem[WORD(%u)] = %u;\n", w, s->words[w]);
}

static void print_promela(const struct scenario *s)
{
	static const char locals[] = "\tbyte frame, seen;\n";

	if (unknown(s)) {
		fprintf(stderr, "%s.%s: tests/spin does not know %s\n", s->id, s->name, unknown(s));
		exit(1);
	}
	print_names();
	print_room(s);
	printf("#include \"tests/spin/platform.pml\"\n");
	for (unsigned a = 0; a < AGENTS; a++)
		if (s->agents[a].count) {
			printf("\nproctype %s_steps()\n{\n%s\n", s->agents[a].name, locals);
			print_steps(s, a);
			printf("}\n");
		}
	printf("\ninit {\n%s\n", locals);
	print_start(s);
	for (unsigned c = 0; is_changed(s, c); c++)
		printf("%s:: variant = %u\n", c ? "\t" : "\tif\n\t:: true\n\t", c + 1);
	if (is_changed(s, 0))
		printf("\tfi;\n");
	printf("\tstart_platform();\n");
	for (unsigned a = 0; a < AGENTS; a++)
		for (unsigned i = 0; i < s->warm[a].count; i++) {
			printf("\t");
			print_step(a, &s->warm[a].steps[i]);
		}
	printf("\t/* Only caches remember that. */\n\tatomic {\n\t\tALL(IS_DRAINED, 0);\n");
	for (unsigned f = 0; f < FRAMES; f++)
		printf("\t\tmem[CONTENT(%u)] = %u;\n", f, s->content[f]);
	for (unsigned o = 1; o < OBSERVATIONS; o++)
		printf("\t\tsaw[%u] = 0;\n", o);
	printf("\t\tothers = _nr_pr;\n");
	for (unsigned a = 0; a < AGENTS; a++)
		if (s->agents[a].count)
			printf("\t\trun %s_steps();\n", s->agents[a].name);
	printf("\t}\n");
	printf("\tending()\n}\n");
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

static void print_outcomes(const struct scenario *s, enum model_mode mode,
			   const struct model_profile *profile)
{
	void *bytes = malloc(MEMORY);

	for (unsigned c = 0; c == 0 || is_changed(s, c - 1); c++) {
		struct model_memory memory = model_memory(bytes, bytes ? MEMORY : 0);
		static struct variant v;
		struct model_query q = { .scenario = &v.scenario,
					 .profile = profile,
					 .mode = mode };

		variant_now = c;
		if (!variant_make(&v, s, c ? s->control[c - 1].change : (struct change){ 0 }))
			exit(1);
		struct model_result r = model_run(&q, &memory, print_outcome, NULL);
		if (r.stuck)
			printf("= %u stuck\n", c);
		if (!r.complete || r.wrong)
			printf("! variant %u: %s\n", c, r.wrong ? r.wrong : "not complete");
	}
	free(bytes);
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

int main(int argc, char **argv)
{
	const struct scenario *s = argc > 2 ? find(argv[2]) : NULL;

	if (argc == 2 && !strcmp(argv[1], "list"))
		print_list();
	else if (s && !strcmp(argv[1], "promela"))
		print_promela(s);
	else if (s && !strcmp(argv[1], "stepped"))
		print_outcomes(s, MODEL_STEPPED, &model_arch);
	else if (s && !strcmp(argv[1], "racing"))
		print_outcomes(s, MODEL_RACING, &model_arch);
	else if (s && !strcmp(argv[1], "qemu"))
		print_outcomes(s, MODEL_RACING, &model_qemu_tcg);
	else if (s && !strcmp(argv[1], "words"))
		print_words(s);
	else {
		fprintf(stderr,
			"usage: listing list | promela ID | stepped ID | racing ID | qemu ID | words ID\n");
		return 2;
	}
	return 0;
}
