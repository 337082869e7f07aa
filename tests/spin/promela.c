/* Scenarios as a Promela program. Names of arrays and of steps are those of the .pml files. */
#include "tests/spin/promela.h"

#include <stdio.h>
#include <string.h>

#include "tests/spin/known.h"
#include "tests/variant.h"

enum { SLOTS_MAX = 8 /* as many bits has a byte of queue.pml */ };

struct room {
	unsigned cpus, stores, slots;
};

/* Step i of an agent, the warm-up's behind the listing's. */
static const struct step *step_at(const struct scenario *s, unsigned a, unsigned i)
{
	unsigned count = s->agents[a].count;

	return i < count                      ? &s->agents[a].steps[i]
	       : i < count + s->warm[a].count ? &s->warm[a].steps[i - count]
					      : NULL;
}

static unsigned max(unsigned a, unsigned b) { return a > b ? a : b; }

static struct room room_for(const struct scenario *s)
{
	struct room r = { 1, 1, 0 };

	for (unsigned a = 0; a < AGENTS; a++) {
		const struct step *x;
		unsigned stores = 0;

		for (unsigned i = 0; (x = step_at(s, a, i)); i++) {
			stores += known_op(x->op)->stores;
			r.slots += known_op(x->op)->slots;
		}
		if (a < CPU_AGENTS && s->agents[a].count)
			r.cpus = a + 1;
		if (a < CPU_AGENTS)
			r.stores = max(r.stores, stores);
	}
	r.slots = max(r.slots, 1);
	return r;
}

const char *promela_lacks(const struct scenario *s)
{
	const struct step *x;

	for (unsigned a = 0; a < AGENTS; a++)
		for (unsigned i = 0; (x = step_at(s, a, i)); i++)
			if (!known_op(x->op))
				return x->op_name;
	return s->tables                       ? "tables"
	       : room_for(s).slots > SLOTS_MAX ? "more than 8 descriptors"
					       : NULL;
}

unsigned promela_cpus(const struct scenario *s) { return room_for(s).cpus; }

static void print_room(struct room r)
{
	printf("#define CPUS %u\n#define STORES %u\n#define SLOTS %u\n", r.cpus, r.stores, r.slots);
	printf("#define OWN_STORE(who, address, otherwise) ");
	for (unsigned i = r.stores; i--;)
		printf("((who) < CPUS && stores[who].count > %u && stores[who].at[%u] == (address) "
		       "-> stores[who].what[%u] : ",
		       i, i, i);
	printf("otherwise");
	for (unsigned i = 0; i < r.stores; i++)
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
		{ "RO", RO },
		{ "RW", RW },
		{ "S", S },
		{ "BLOCKED", BLOCKED },
		{ "LANDED", LANDED },
		{ "YES", YES },
		{ "NO", NO },
		{ "EMPTY", EMPTY },
		{ "SPECIAL", SPECIAL },
		{ "RW_SPECIAL", RW_SPECIAL },
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

	variant_make(v, s, s->control[control].change);
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

		for (unsigned c = 0; has_control(s, c); c++) {
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

/* What init sets before anybody runs. */
static void print_start(const struct scenario *s, unsigned n)
{
	printf("\t:: d_step {\n\t\tlisting = %u;\n", n);
	for (unsigned p = 0; p < PLACES; p++) {
		unsigned state = s->maps[p].state;

		if (s->maps[p].rights)
			printf("\t\tmem[PTE(%u)] = LEAF(%u, %s%s%s%s);\n", p, s->maps[p].frame,
			       may_write(s->maps[p].rights) ? "WRITABLE | " : "",
			       s->maps[p].rights == RW_SPECIAL ? "MARKED | " : "",
			       state == LEAF_FRESH ? "0" : "ACCESSED",
			       state == LEAF_USED && may_write(s->maps[p].rights) ? " | DIRTY"
										  : "");
	}
	for (unsigned f = 0; f < FRAMES; f++)
		if (s->refs[f])
			printf("\t\tmem[REF(%u)] = %u;\n", f, s->refs[f]);
	for (unsigned w = 0; w < WORDS; w++)
		if (s->words[w])
			printf("\t\tmem[WORD(%u)] = %u;\n", w, s->words[w]);
	printf("\t\tskip\n\t\t};\n");
	for (unsigned c = 0; has_control(s, c); c++)
		printf("%s:: variant = %u\n", c ? "\t\t" : "\t\tif\n\t\t:: true\n\t\t", c + 1);
	if (has_control(s, 0))
		printf("\t\tfi\n");
}

static void print_warm_up(const struct scenario *s, unsigned n)
{
	printf("\t:: listing == %u ->\n", n);
	for (unsigned a = 0; a < AGENTS; a++)
		for (unsigned i = 0; i < s->warm[a].count; i++) {
			printf("\t\t");
			print_step(a, &s->warm[a].steps[i]);
		}
	printf("\t\tskip\n");
}

static void print_run(const struct scenario *s, unsigned n)
{
	printf("\t:: listing == %u ->\n\t\td_step {\n", n);
	for (unsigned f = 0; f < FRAMES; f++)
		printf("\t\tmem[CONTENT(%u)] = %u;\n", f, s->content[f]);
	printf("\t\tskip\n\t\t};\n");
	for (unsigned a = 0; a < AGENTS; a++)
		if (s->agents[a].count)
			printf("\t\trun %s_of_%u();\n", s->agents[a].name, n);
	printf("\t\tskip\n");
}

static void print_choice(const struct scenario *const *list, unsigned count,
			 void (*print)(const struct scenario *s, unsigned n))
{
	printf("\tif\n");
	for (unsigned n = 0; n < count; n++)
		print(list[n], n);
	printf("\tfi;\n");
}

void print_promela(const struct scenario *const *list, unsigned count)
{
	static const char locals[] = "\tbyte frame, seen;\n";
	struct room room = { 0 };

	for (unsigned n = 0; n < count; n++) {
		struct room one = room_for(list[n]);

		room = (struct room){ max(room.cpus, one.cpus), max(room.stores, one.stores),
				      max(room.slots, one.slots) };
	}
	print_names();
	print_room(room);
	printf("#include \"tests/spin/platform.pml\"\n");
	for (unsigned n = 0; n < count; n++)
		for (unsigned a = 0; a < AGENTS; a++)
			if (list[n]->agents[a].count) {
				printf("\n/* %s.%s */\nproctype %s_of_%u()\n{\n%s\n", list[n]->id,
				       list[n]->name, list[n]->agents[a].name, n, locals);
				print_steps(list[n], a);
				printf("}\n");
			}
	printf("\ninit {\n%s\n", locals);
	print_choice(list, count, print_start);
	printf("\tstart_platform();\n");
	print_choice(list, count, print_warm_up);
	printf("\tatomic {\n\tend_warm_up();\n");
	print_choice(list, count, print_run);
	printf("\t}\n\tending()\n}\n");
}
