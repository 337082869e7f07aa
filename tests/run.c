#include "tests/run.h"
#include "kernel/format.h"
#include "kernel/rescue.h"
#include "kernel/x86.h"
#include "mm/kmap.h"
#include "tests/do.h"
#include "tests/run_parts.h"
#include "tests/spaces.h"
#include "tests/tables.h"
#include "tests/words.h"
#include "tests/worker.h"
#include <stdarg.h>

enum { FORGET_DEADLINE_MS = 5000 };

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

void run_stranger_has(struct run *run, enum frame_id f)
{
	pte_store(vtd_table_entry(&machine.stranger, (struct iova){ run_place_va(A).v }),
		  vtd_table_leaf(&machine.stranger, run->frame_pa[f], true));
}

void run_unmap(void)
{
	for (unsigned p = 0; p < PLACES; p++)
		pte_store(leaf((enum place_id)p), 0);
}

void run_prepare_tables(void)
{
	tables_prepare(run_place_va(A));
	spaces_prepare(run_place_va(A));
	if (machine.unit) {
		mirror_leaf(A);
		vtd_table_entry(&machine.stranger, (struct iova){ run_place_va(A).v });
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

SELDOM bool run_open(struct run *run)
{
	words_learn(&run->words, run->engine, run->second);
	run->trouble[0] = 0;
	run->faulted = false;
	run_learn(run);
	run_give_frames(run);
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
			self->at[B] = self->at[A] + RUN_REGION;
		self->at[ELSEWHERE] = self->at[A] + 2ul * RUN_REGION;
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
	run_fill_frames(run);
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
		run_fill_frames(run);
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

SELDOM bool run_close(struct run *run)
{
	if (run->scenario->tables)
		tables_clear(run);
	run_unmap();
	spaces_close(run);
	for (unsigned p = 0; has_mirror(run->scenario) && p < PLACES; p++)
		pte_store(mirror_leaf((enum place_id)p), 0);
	restore_entry(run);
	quiet_device(run, DMA_NO_FLAW);
	forget_everywhere(run);
	run_look_for_strays(run);
	if (run->scenario->tables)
		tables_look_for_strays(run);
	run_take_frames(run);
	return !run->trouble[0];
}
