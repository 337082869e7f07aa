#include "tests/run.h"
#include "kernel/format.h"
#include "kernel/rescue.h"
#include "kernel/string.h"
#include "kernel/x86.h"
#include "mm/frame.h"
#include "mm/kmap.h"
#include "tests/do.h"
#include "tests/spaces.h"
#include "tests/tables.h"
#include "tests/words.h"
#include "tests/worker.h"
#include <stdarg.h>

/*
 * Below 4 GiB for devices that count to 32 bits; in one 2 MiB region, a page number each. An emulated TLB is indexed by
 * low bits of it: where a place shares them with pages that the kernel uses all the time, its entry does
 * not stay, so that every attempt has pages of its own.
 */
enum { REGION = 0x50000000, PAGES = 512, FORGET_DEADLINE_MS = 5000 };
static unsigned pages[PLACES] = { 0xa5, 0xb6 };
static u32 shuffle = 1;

struct va run_place_va(enum place_id p)
{
	return (struct va){ REGION + (u64)pages[p] * PAGE_SIZE };
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

/* The leaf entry of a place; the table above it, one for all placements, stays. */
static volatile u64 *leaf(enum place_id p)
{
	return direct(pt_entry(&kernel_tables, kernel_root, run_place_va(p), PG_4K));
}

/* By the mirror, which has tables for the region of A. */
static volatile u64 *mirror_leaf(enum place_id p)
{
	return vtd_table_entry(&machine.mirror, (struct iova){ run_place_va(p).v });
}

static void pte_store(volatile u64 *entry, u64 pte)
{
	*entry = pte;
	machine_publish(entry);
}

static void unmap(void)
{
	for (unsigned p = 0; p < PLACES; p++)
		pte_store(leaf((enum place_id)p), 0);
}

void run_prepare_tables(void)
{
	tables_prepare(run_place_va(A));
	spaces_prepare(run_place_va(A));
	if (machine.unit)
		mirror_leaf(A);
}

/* xorshift32 */
static unsigned draw(unsigned below)
{
	shuffle ^= shuffle << 13;
	shuffle ^= shuffle >> 17;
	shuffle ^= shuffle << 5;
	return shuffle % below;
}

void run_placement(u64 seed, unsigned attempt)
{
	unmap();
	shuffle = (u32)(seed ^ seed >> 32) * 2654435761u + attempt * 40503u + 1;
	shuffle |= !shuffle;
	for (unsigned p = 0; p < PLACES; p++)
		do
			pages[p] = draw(PAGES);
		while (p && pages[p] == pages[p - 1]);
}

/* One more seat, on a CPU that has none yet: any, but the caller's among the first to be taken. */
static bool take_seat(struct run *run)
{
	unsigned n = run->seats;

	if (n == cpu_count)
		return false;
	run->cpu[n] = n ? NULL : this_cpu();
	for (unsigned i = draw(cpu_count); !run->cpu[n]; i = (i + 1) % cpu_count) {
		bool taken = false;

		for (unsigned s = 0; s < n; s++)
			taken |= run->cpu[s] == cpus[i];
		if (!taken)
			run->cpu[n] = cpus[i];
	}
	run->seats++;
	return true;
}

SELDOM void run_seat_agents(struct run *run, const struct scenario *s, enum run_seats seats)
{
	unsigned cpu_agents = 0;

	run->scenario = s;
	for (unsigned p = 0, base = pages[A]; s->block && p < PLACES; p++)
		pages[p] = (base & ~(s->block - 1u)) + s->page[p];
	run->seats = 0;
	for (unsigned a = 0; a < CPU_AGENTS; a++)
		if (s->agents[a].count)
			cpu_agents = a + 1;
	while (run->seats < cpu_agents)
		take_seat(run);
	for (unsigned a = 0; a < AGENTS; a++) {
		bool alone = a >= CPU_AGENTS && s->agents[a].count && seats != SEATS_CPUS;

		run->self[a].seat = (u8)(a < CPU_AGENTS ? a : run->seats - 1);
		if (alone && (seats == SEATS_DEVICES_ALONE || !worker_crowd(run->seats + 1)) &&
		    take_seat(run))
			run->self[a].seat = (u8)(run->seats - 1);
	}
	/* A shootdown needs somebody to reach. */
	if (run->seats == 1)
		take_seat(run);
}

/* Where a device writes to a line, what it can read in the next. */
static void fill_frames(struct run *run)
{
	for (unsigned f = 0; f < FRAMES; f++) {
		u64 *line = (u64 *)(void *)run->frame[f];

		line[0] = run->words.of[run->scenario->content[f]];
		line[1] = run->words.tail;
	}
}

void run_forget_tlb(struct run *run)
{
	if (run->scenario->spaces) {
		spaces_enter(run);
		return;
	}
	if (read_cr3() != run->cr3[A]) /* leave_mm */
		write_cr3(run->cr3[A]);
	for (unsigned p = 0; p < PLACES; p++)
		if (run->places & 1u << p)
			invlpg((u64)run->self[0].at[p]);
}

/* The device's entries are what they were. */
static void restore_entry(struct run *run)
{
	if (run->scenario->entry && !machine_entry_restore(run->engine))
		run_trouble(run, "the IOMMU did not forget what it cached");
}

void run_forget_places(struct run *run)
{
	struct machine_page pages_[PLACES];
	unsigned n = 0;

	for (unsigned p = 0; p < PLACES; p++)
		if (run->places & 1u << p)
			pages_[n++] = run_page(run, p);
	/* Where no scenario changes an upper level, what is cached of one may stay. */
	restore_entry(run);
	if (run->engine &&
	    !machine_forget_pages(run->engine, pages_, n,
				  run->scenario->tables ? VTD_EVERY_LEVEL : VTD_LEAF_ONLY))
		run_trouble(run, "the IOMMU did not forget what it cached");
}

static void forget(void *run) { spaces_leave(run); }

/* Nothing cached anywhere. */
static bool forget_everywhere(struct run *run)
{
	for (unsigned s = 0; s < run->seats; s++)
		if (!worker_do(run->cpu[s], forget, run, FORGET_DEADLINE_MS))
			run_trouble(run, "CPU %u does not answer: %s", run->cpu[s]->index,
				    rescue_reason(run->cpu[s]));
	if (run->engine && !machine_reset())
		run_trouble(run, "the IOMMU did not forget what it cached");
	return !run->trouble[0];
}

/* P0 is a page of a device's: as empty as a new frame, which it takes the place of. */
static SELDOM void give_peer(struct run *run)
{
	volatile u64 *word = (volatile u64 *)(void *)machine.peer.cpu;

	frame_put(run->frame_pa[P0]);
	run->frame_pa[P0] = machine.peer.pa;
	run->frame[P0] = machine.peer.cpu;
	for (unsigned i = 0; i < PAGE_SIZE / sizeof *word; i++)
		word[i] = 0;
}

/* A page of the large one in the place of a frame of its own. */
static SELDOM void give_large(struct run *run, unsigned frame, struct va va)
{
	frame_put(run->frame_pa[frame]);
	run->frame_pa[frame] = tables_large_page(va);
	run->frame[frame] = direct(run->frame_pa[frame]);
	memset(run->frame[frame], 0, PAGE_SIZE);
	frame_get(run->frame_pa[frame]);
}

static SELDOM void give_frames(struct run *run)
{
	struct pa got[FRAMES];

	for (unsigned f = 0; f < FRAMES; f++)
		got[f] = frame_alloc(FRAME_TEST);
	/* In any order: which frame is the old page and which the new one is chance too. */
	for (unsigned f = 0; f < FRAMES; f++) {
		unsigned i = draw(FRAMES - f);

		run->frame_pa[f] = got[i];
		got[i] = got[FRAMES - f - 1];
		run->frame[f] = direct(run->frame_pa[f]);
	}
	if (run_on_peer(run->scenario, run->engine))
		give_peer(run);
	if (run->scenario->large) {
		give_large(run, Q0, run_place_va(A));
		give_large(run, Q1, run_place_va(B));
	}
	for (unsigned f = 0; f < FRAMES; f++)
		words_line(&run->words, run->frame[f] + MARK_AT, MARK(f));
}

static bool is_access(unsigned op)
{
	return op <= OP_fetch || op == OP_dma_read || op == OP_dma_read_mark ||
	       op == OP_dma_write || op == OP_dtlb_queue || op == OP_dtlb_queue_block ||
	       op == OP_ats_request || op == OP_ats_request_write || op == OP_ats_read ||
	       op == OP_ats_write || op == OP_ats_ask || op == OP_ats_post;
}

static SELDOM void learn_listing(struct run *run, unsigned agent, const struct agent *a, bool warm)
{
	for (unsigned i = 0; i < a->count; i++) {
		const struct step *st = &a->steps[i];
		u64 to = st->to == 1 ? st->a : st->to == 2 ? st->b : st->to == 3 ? st->c : 0;

		if (is_access(st->op) || (st->op >= OP_pte_read && st->op <= OP_iommu_flush))
			run->places |= (u8)(1u << st->a % PLACES);
		run->posts |= st->op == OP_ats_ask || st->op == OP_ats_post;
		run->warm_writes |= warm && (st->op == OP_store || st->op == OP_store_once ||
					     st->op == OP_dma_write || st->op == OP_ats_write);
		if (!warm && to)
			run->maker[to] = (u8)agent;
	}
}

/* What an execution need not do because the listings do not use it. */
static void learn_listings(struct run *run)
{
	const struct scenario *s = run->scenario;

	run->places = 0;
	run->warm_writes = run->posts = false;
	for (unsigned o = 0; o < OBSERVATIONS; o++)
		run->maker[o] = AGENTS;
	for (unsigned p = 0; p < PLACES; p++)
		run->places |= s->tables || s->maps[p].rights ? (u8)(1u << p) : 0;
	for (unsigned a = 0; a < AGENTS; a++) {
		learn_listing(run, a, &s->agents[a], false);
		learn_listing(run, a, &s->warm[a], true);
	}
}

SELDOM bool run_open(struct run *run)
{
	words_learn(&run->words, run->engine, run->second);
	run->trouble[0] = 0;
	run->faulted = false;
	learn_listings(run);
	give_frames(run);
	for (unsigned a = 0; a < AGENTS; a++) {
		struct self *self = &run->self[a];

		self->run = run;
		self->engine = a == E2 && run->second ? run->second : run->engine;
		self->agent = (u8)a;
		self->doing = 0;
		for (unsigned p = 0; p < PLACES; p++) {
			self->at[p] = (volatile u8 *)run_place_va((enum place_id)p).v;
			self->pte[p] = leaf((enum place_id)p);
		}
		if (run->scenario->apart)
			self->at[B] = self->at[A] + PAGES * PAGE_SIZE;
		self->at[ELSEWHERE] = self->at[A] + 2ul * PAGES * PAGE_SIZE;
		if (has_mirror(run->scenario)) {
			if (!run->scenario->beside)
				self->at[MIRROR] = self->at[A];
			self->pte[MIRROR] = mirror_leaf(A);
		}
	}
	if (run->scenario->tables)
		tables_open(run);
	spaces_open(run);
	if (run->engine && !machine_walk(run->scenario->mirror,
					 two_requesters(run->scenario->spaces) ? run->second : NULL,
					 run->scenario->spaces))
		run_trouble(run, "the IOMMU does not change tables");
	return forget_everywhere(run);
}

/* Whatever an order that blocked has left on its way never arrives. */
static void quiet_device(struct run *run, enum dma_flaw flaw)
{
	if (run->posts && !run->engine->ops->quiet(run->engine, flaw))
		run_trouble(run, "engine %s does not become quiet", run->engine->name);
}

static void forget_what_was_seen(struct run *run)
{
	for (unsigned a = 0; a < AGENTS; a++)
		__builtin_memset(run->self[a].saw, NOTHING, sizeof run->self[a].saw);
}

static SELDOM void set_up_beside(struct run *run)
{
	const struct scenario *s = run->scenario;

	pte_store(leaf(B), run_leaf(run, s->maps[A].frame, s->maps[A].rights, LEAF_FRESH));
	pte_store(mirror_leaf(B), *run->self[0].pte[MIRROR]);
}

void run_set_up(struct run *run)
{
	const struct scenario *s = run->scenario;

	run->trouble[0] = 0;
	run->faulted = false;
	for (unsigned a = 0; a < AGENTS; a++)
		run->told[a].all = 0;
	for (unsigned l = 0; l < LOCKS; l++)
		run->lock[l].v = 0;
	for (unsigned w = 0; w < WORDS; w++)
		run->word[w].v = s->words[w];
	for (unsigned f = 0; f < FRAMES; f++)
		run->ref[f].v = s->refs[f];
	for (unsigned c = 0; c < CPU_AGENTS; c++)
		run->masked[c].v = 0;
	for (unsigned to = 0; to < run->seats; to++)
		for (unsigned from = 0; from < run->seats; from++)
			run->asked[to][from].v = run->broadcast[to][from].v = 0;
	run->dma.v = 0;
	quiet_device(run, s->flaw);
	fill_frames(run);
	forget_what_was_seen(run);
	if (s->tables)
		tables_set_up(run);
	for (unsigned p = 0; p < PLACES && !s->tables; p++) {
		if (run->places & 1u << p && !(one_entry(s->spaces) && p == B))
			pte_store(run->self[0].pte[p],
				  run_entry(run, p, s->maps[p].frame, s->maps[p].rights,
					    s->maps[p].state));
	}
	if (s->beside)
		set_up_beside(run);
}

void run_warmed_up(struct run *run)
{
	if (run->warm_writes)
		fill_frames(run);
	forget_what_was_seen(run);
}

void run_collect(struct run *run)
{
	for (unsigned o = 1; o < OBSERVATIONS; o++) {
		const struct self *maker = &run->self[run->maker[o] % AGENTS];
		bool made = run->maker[o] != AGENTS;

		run->seen.saw[o] = made ? maker->saw[o] : NOTHING;
		run->seen.raw[o] = made ? maker->raw[o] : 0;
	}
	for (unsigned f = 0; f < FRAMES; f++)
		run->seen.holds[f] = words_symbol(&run->words, le64(run->frame[f]));
}

/* No step writes behind the two lines of a frame: who else did? */
static SELDOM void look_for_strays(struct run *run)
{
	for (unsigned f = 0; f < FRAMES; f++)
		for (unsigned at = 2 * DMA_LINE; at < PAGE_SIZE; at += sizeof(u64))
			if (le64(run->frame[f] + at))
				run_trouble(run,
					    "frame %s was written at %#x, where no step writes",
					    words_name(MARK(f)), at);
}

SELDOM bool run_close(struct run *run)
{
	if (run->scenario->tables)
		tables_clear(run);
	unmap();
	spaces_close(run);
	for (unsigned p = 0; has_mirror(run->scenario) && p < PLACES; p++)
		pte_store(mirror_leaf((enum place_id)p), 0);
	restore_entry(run);
	quiet_device(run, DMA_NO_FLAW);
	forget_everywhere(run);
	look_for_strays(run);
	if (run->scenario->tables)
		tables_look_for_strays(run);
	/* Whoever still reaches a frame through a stale translation after this writes into poison. */
	for (unsigned f = 0; f < FRAMES; f++)
		if (f != P0 || !run_on_peer(run->scenario, run->engine))
			frame_put(run->frame_pa[f]);
	return !run->trouble[0];
}
