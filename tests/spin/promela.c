/* The program that executes listings, and listings for it. Names of arrays and of steps are those of the .pml files. */
#include "tests/spin/promela.h"

#include <stdio.h>
#include <string.h>

#include "tests/spin/known.h"
#include "tests/variant.h"

enum { STORES = 8, SLOTS = 8 /* as many bits has a byte of queue.pml */ };

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

static struct room room_for(const struct scenario *s)
{
	struct room r = { 1, 0, 0 };

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
			r.stores = stores > r.stores ? stores : r.stores;
	}
	return r;
}

const char *promela_lacks(const struct scenario *s)
{
	const struct step *x;

	for (unsigned a = 0; a < AGENTS; a++)
		for (unsigned i = 0; (x = step_at(s, a, i)); i++)
			if (!known_op(x->op))
				return step_name(x);
			else if (strchr(known_op(x->op)->arguments, 'r') && x->c == SUPERVISOR)
				return "a supervisor's page";
	return s->tables                     ? "tables"
	       : s->unsnooped                ? "walks that do not snoop"
	       : s->absence                  ? "cached absence"
	       : s->spaces || s->global      ? "address spaces, global pages"
	       : room_for(s).slots > SLOTS   ? "more than 8 descriptors"
	       : room_for(s).stores > STORES ? "more than 8 stores of a CPU"
					     : NULL;
}

static void print_names(void)
{
	static const struct {
		const char *name;
		unsigned value;
	} names[] = {
		{ "CPUS", CPU_AGENTS },
		{ "STORES", STORES },
		{ "SLOTS", SLOTS },
		{ "AGENTS", AGENTS },
		{ "STEPS_MAX", STEPS_MAX },
		{ "VARIANTS", CONTROLS + 1 },
		{ "FRAMES", FRAMES },
		{ "PLACES", PLACES },
		{ "WORDS", WORDS },
		{ "LOCKS", LOCKS },
		{ "COUNTS", COUNTS },
		{ "OBSERVATIONS", OBSERVATIONS },
		{ "RO", RO },
		{ "RW", RW },
		{ "RW_SPECIAL", RW_SPECIAL },
		{ "SUPERVISOR_RX", SUPERVISOR_RX },
		{ "LEAF_USED", LEAF_USED },
		{ "LEAF_FRESH", LEAF_FRESH },
		{ "SUCCESS", SUCCESS },
		{ "S", S },
		{ "BLOCKED", BLOCKED },
		{ "UNRECORDED", UNRECORDED },
		{ "LANDED", LANDED },
		{ "FAULT_PRESENT", FAULT_PRESENT },
		{ "FAULT_WRITE", FAULT_WRITE },
		{ "FAULT_USER", FAULT_USER },
		{ "FAULT_FETCH", FAULT_FETCH },
		{ "YES", YES },
		{ "NO", NO },
		{ "EMPTY", EMPTY },
		{ "SPECIAL", SPECIAL },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(names); n++)
		printf("#define %s %u\n", names[n].name, names[n].value);
	printf("#define MARK(frame) (%u + (frame))\n#define COUNT(number) (%u + (number))\n",
	       MARK(0), COUNT(0));
}

void print_program(void)
{
	const struct known *k;

	print_names();
	printf("#define GO_TO_STEP");
	for (unsigned i = 0; (k = known_at(i)); i++)
		printf(" \\\n\t:: op == %u -> goto do_%s", k->op, k->name);
	printf("\n#define STEPS");
	for (unsigned i = 0; (k = known_at(i)); i++)
		printf(" \\\n\tdo_%s: %s(who, a, b, c); goto next;", k->name, k->name);
	printf("\n#define OWN_STORE(who, address, otherwise) ");
	for (unsigned i = STORES; i--;)
		printf("((who) < CPUS && stores[who].count > %u && stores[who].at[%u] == (address) "
		       "-> stores[who].what[%u] : ",
		       i, i, i);
	printf("otherwise");
	for (unsigned i = 0; i < STORES; i++)
		printf(")");
	printf("\n#include \"tests/spin/platform.pml\"\n");
}

static void print_steps(const struct agent *a)
{
	printf("%u\n", a->count);
	for (unsigned i = 0; i < a->count; i++) {
		const struct step *x = &a->steps[i];

		printf("%u %u %u %u %u %u\n", x->op, x->a, x->b, x->c, x->if_saw, x->is);
	}
}

static void print_bytes(const u8 *bytes, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		printf("%u%s", bytes[i], i + 1 < count ? " " : "\n");
}

void print_listing(const struct scenario *s)
{
	struct room room = room_for(s);
	unsigned variants = 1;

	printf("%u %u\n", room.cpus, room.slots);
	for (unsigned p = 0; p < PLACES; p++)
		printf("%u %u %u\n", s->maps[p].frame, s->maps[p].rights, s->maps[p].state);
	print_bytes(s->content, FRAMES);
	print_bytes(s->refs, FRAMES);
	print_bytes(s->words, WORDS);
	for (unsigned a = 0; a < AGENTS; a++)
		print_steps(&s->warm[a]);
	while (has_control(s, variants - 1))
		variants++;
	printf("%u\n", variants);
	for (unsigned c = 0; c < variants; c++) {
		static struct variant v;

		variant_make(&v, s, c ? s->control[c - 1].change : (struct change){ 0 });
		for (unsigned a = 0; a < AGENTS; a++)
			print_steps(&v.scenario.agents[a]);
	}
}
