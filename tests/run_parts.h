#pragma once
#include "tests/self.h"

/* What the files of tests/run.h have for each other. Boot CPU, while no agent runs, but for run_fill_frames(). */

/* Places are in one region of this size; the next ones are free. */
enum { RUN_REGION = 512 * PAGE_SIZE };

/* A number below that, by chance: what follows a placement follows from its seed. tests/run_place.c */
unsigned run_draw(unsigned below);

/* No place has a leaf. */
void run_unmap(void);

/* What an execution need not do because the listings do not use it; who makes which observation. tests/run_learn.c */
void run_learn(struct run *run);

/*
 * Frames for a run, with their marks; their content as the scenario starts, by any seat while no other runs. At the end: was one written
 * where no step writes? Then they are gone, and whoever still reaches one through a stale translation writes into poison.
 * tests/run_frames.c
 */
void run_give_frames(struct run *run);
void run_fill_frames(struct run *run);
void run_look_for_strays(struct run *run);
void run_take_frames(struct run *run);
