#include "tests/run.h"
#include "kernel/format.h"
#include "kernel/rescue.h"
#include "kernel/string.h"
#include "kernel/x86.h"
#include "mm/frame.h"
#include "mm/kmap.h"
#include "tests/words.h"
#include "tests/worker.h"
#include <stdarg.h>

enum { STEP_DEADLINE_MS = 2000 };

/*
 * Below 4 GiB for devices that count to 32 bits; in one 2 MiB region, a page number each. An emulated TLB is indexed by
 * low bits of it: where a place shares them with pages that the kernel uses all the time, its entry does
 * not stay, so that every attempt has pages of its own.
 */
enum { REGION = 0x50000000, PAGES = 512, STRIDE = 37 };
static const unsigned pages[PLACES] = { 0xa5, 0xb6 };
static unsigned attempt;

struct va place_va(enum place_id p)
{
	return (struct va){ REGION + (pages[p] + attempt * STRIDE) % PAGES * PAGE_SIZE };
}

void run_trouble(struct run *run, const char *fmt, ...)
{
	va_list ap;

	if (run->trouble[0])
		return;
	va_start(ap, fmt);
	vformat(run->trouble, sizeof run->trouble, fmt, ap);
	va_end(ap);
}

u64 run_leaf(const struct run *run, enum frame_id frame, unsigned rights)
{
	/* A and D are set already: a walk that cannot snoop cannot set them (VT-d 3.6). */
	u32 flags = PAGE_USER | PAGE_ACCESSED | (rights == RW ? PAGE_WRITE | PAGE_DIRTY : 0);

	return rights ? pte_leaf(PG_4K, run->frame_pa[frame], flags) : 0;
}

/* The leaf entry of a place; the table above it, one for all attempts, stays. */
static volatile u64 *leaf(enum place_id p)
{
	return direct(pt_entry(&kernel_tables, kernel_root, place_va(p), PG_4K));
}

static void unmap(void)
{
	for (unsigned p = 0; p < PLACES; p++) {
		volatile u64 *pte = leaf((enum place_id)p);

		*pte = 0;
		machine_publish(pte);
	}
}

void run_attempt(unsigned n)
{
	unmap();
	attempt = n;
}

void run_tables(void) { leaf(A); }

/* Nothing cached anywhere: a CR3 load drops all of a CPU's TLB, no entry of ours being global. */
static void forget(void *unused)
{
	(void)unused;
	write_cr3(read_cr3());
}

static bool forget_everywhere(struct run *run)
{
	for (unsigned i = 0; i < CPU_AGENTS; i++)
		if (run->cpu[i] && !worker_do(run->cpu[i], forget, NULL, STEP_DEADLINE_MS))
			run_trouble(run, "CPU %u does not answer", run->cpu[i]->index);
	if (run->engine && !machine_reset())
		run_trouble(run, "the IOMMU did not forget what it cached");
	return !run->trouble[0];
}

static void fill_frames(struct run *run)
{
	for (unsigned f = 0; f < FRAMES; f++) {
		words_line(&run->words, run->frame[f], run->scenario->content[f]);
		words_line(&run->words, run->frame[f] + DMA_LINE, MARK(f));
	}
}

void run_open(struct run *run)
{
	words_learn(&run->words, run->engine);
	run->trouble[0] = 0;
	for (unsigned f = 0; f < FRAMES; f++) {
		run->frame_pa[f] = frame_alloc(FRAME_TEST);
		run->frame[f] = direct(run->frame_pa[f]);
	}
}

static void set_up(struct run *run)
{
	const struct scenario *s = run->scenario;

	memset(&run->seen, 0, sizeof run->seen);
	memset(run->told, 0, sizeof run->told);
	memset(run->locked, 0, sizeof run->locked);
	run->trouble[0] = run->faults[0] = 0;
	fill_frames(run);
	for (unsigned p = 0; p < PLACES; p++) {
		run->pte[p] = leaf((enum place_id)p);
		*run->pte[p] = run_leaf(run, (enum frame_id)s->maps[p].frame, s->maps[p].rights);
		machine_publish(run->pte[p]);
	}
}

/* No step writes behind the two lines of a frame: who else did? */
static void look_for_strays(struct run *run)
{
	for (unsigned f = 0; f < FRAMES; f++)
		for (unsigned at = 2 * DMA_LINE; at < PAGE_SIZE; at += sizeof(u64))
			if (le64(run->frame[f] + at))
				run_trouble(run,
					    "frame %s was written at %#x, where no step writes",
					    words_name(MARK(f)), at);
}

bool run_close(struct run *run)
{
	unmap();
	forget_everywhere(run);
	look_for_strays(run);
	/* Whoever still reaches a frame through a stale translation after this writes into poison. */
	for (unsigned f = 0; f < FRAMES; f++)
		frame_put(run->frame_pa[f]);
	return !run->trouble[0];
}

void run_place_agents(struct run *run, const struct scenario *s)
{
	run->scenario = s;
	run->machine = &machine;
	for (unsigned i = 0; i < CPU_AGENTS; i++)
		run->cpu[i] = i < cpu_count && (s->agents[i].count || i < 2) ? cpus[i] : NULL;
}

struct turn {
	struct self self;
	const struct step *step;
};

static void take(void *arg)
{
	struct turn *t = arg;
	const struct step *s = t->step;

	this_cpu()->doing = s->op_name;
	op_table[s->op](t->self, s->a, s->b, s->c);
	this_cpu()->doing = NULL;
}

/* One step on its agent's CPU; a device's on ours. */
static void step(struct run *run, enum agent_id agent, const struct step *s)
{
	static struct turn t; /* not on a stack: a CPU that hangs may read it later */
	struct cpu *c = agent < CPU_AGENTS ? run->cpu[agent] : this_cpu();

	t = (struct turn){ { run, agent }, s };

	if (!worker_do(c, take, &t, STEP_DEADLINE_MS))
		run_trouble(run, "%s in step %u, %s %s: %s", run->scenario->agents[agent].name,
			    s->no, s->op_name, s->args, rescue_reason(c));
}

/* Only caches remember it: what it saw and wrote is undone, or it could be taken for the order's doing. */
static void warm_up(struct run *run)
{
	for (unsigned a = 0; a < AGENTS; a++)
		for (unsigned i = 0; i < run->scenario->warm[a].count && !run->trouble[0]; i++)
			step(run, (enum agent_id)a, &run->scenario->warm[a].steps[i]);
	fill_frames(run);
	memset(&run->seen, 0, sizeof run->seen);
}

static void walk_through(struct run *run, const char *order, enum agent_id skip_agent, u8 skip_step)
{
	u8 next[AGENTS] = { 0 }, position = 0;

	for (const char *at = order; *at && !run->trouble[0]; at++) {
		if (*at == ' ')
			continue;
		const char *letter = strchr(AGENT_LETTERS, *at);
		unsigned a = letter ? (unsigned)(letter - AGENT_LETTERS) : AGENTS;

		if (a == AGENTS || next[a] >= run->scenario->agents[a].count) {
			run_trouble(run, "order \"%s\" has no step for its letter %c", order, *at);
			return;
		}
		const struct step *s = &run->scenario->agents[a].steps[next[a]++];
		if (a == skip_agent && s->no == skip_step)
			continue;
		step(run, (enum agent_id)a, s);
		run->seen.when[a][s->no] = ++position;
	}
	for (unsigned a = 0; a < AGENTS; a++)
		if (next[a] != run->scenario->agents[a].count)
			run_trouble(run, "order \"%s\" leaves out steps of %s", order,
				    run->scenario->agents[a].name);
	for (unsigned l = 0; l < ARRAY_SIZE(run->locked); l++)
		if (run->locked[l])
			run_trouble(run, "lock %u is held at the end", l);
}

bool run_order(struct run *run, const char *order, enum agent_id skip_agent, u8 skip_step)
{
	set_up(run);
	if (forget_everywhere(run)) {
		warm_up(run);
		walk_through(run, order, skip_agent, skip_step);
	}
	for (unsigned f = 0; f < FRAMES; f++)
		run->seen.holds[f] = words_symbol(&run->words, le64(run->frame[f]));
	return !run->trouble[0];
}
