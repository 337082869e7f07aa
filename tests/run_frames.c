/* The frames of a run: which they are, and what they hold. */
#include "kernel/string.h"
#include "mm/frame.h"
#include "mm/kmap.h"
#include "tests/do.h"
#include "tests/run.h"
#include "tests/run_parts.h"
#include "tests/tables.h"
#include "tests/words.h"

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

SELDOM void run_give_frames(struct run *run)
{
	struct pa got[FRAMES];

	for (unsigned f = 0; f < FRAMES; f++)
		got[f] = frame_alloc(FRAME_TEST);
	/* In any order: which frame is the old page and which the new one is chance too. */
	for (unsigned f = 0; f < FRAMES; f++) {
		unsigned i = run_draw(FRAMES - f);

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

/* Where a device writes to a line, what it can read in the next. */
void run_fill_frames(struct run *run)
{
	for (unsigned f = 0; f < FRAMES; f++) {
		u64 *line = (u64 *)(void *)run->frame[f];

		line[0] = run->words.of[run->scenario->content[f]];
		line[1] = run->words.tail;
	}
}

/* No step writes behind the two lines of a frame: who else did? */
SELDOM void run_look_for_strays(struct run *run)
{
	for (unsigned f = 0; f < FRAMES; f++)
		for (unsigned at = 2 * DMA_LINE; at < PAGE_SIZE; at += sizeof(u64))
			if (le64(run->frame[f] + at))
				run_trouble(run,
					    "frame %s was written at %#x, where no step writes",
					    words_name(MARK(f)), at);
}

void run_take_frames(struct run *run)
{
	for (unsigned f = 0; f < FRAMES; f++)
		if (f != P0 || !run_on_peer(run->scenario, run->engine))
			frame_put(run->frame_pa[f]);
}
