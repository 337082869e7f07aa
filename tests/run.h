#pragma once
#include "tests/self.h"

/*
 * The machine as a scenario needs it: frames, places, page tables, CPUs; put in order before each execution and back
 * after the last. Stepped and racing mode (tests/stepped.h, tests/racing.h) execute.
 */

/* Page tables for the places, once: they stay. Boot CPU. */
void run_prepare_tables(void);

/*
 * Where places are, which frames they get and which CPUs the agents: chosen by seed, and by the number of the attempt, so
 * that what one placement hides another may show. Boot CPU, between executions.
 */
void run_placement(u64 seed, unsigned attempt);

/*
 * Seats for the agents of a scenario that the machine has enough CPUs for: C0's first. A device gets one if there is a CPU that
 * really runs at once (DEVICES_TOO), or if there is any (DEVICES_ALONE). Boot CPU.
 */
enum run_seats { SEATS_CPUS, SEATS_DEVICES_TOO, SEATS_DEVICES_ALONE };
void run_seat_agents(struct run *run, const struct scenario *s, enum run_seats seats);

/* Before the first execution: frames, and nothing cached anywhere. False if run->trouble says why not. */
bool run_open(struct run *run);

/* Memory as the scenario starts: frames, entries, what agents share. Boot CPU, while no agent runs. */
void run_set_up(struct run *run);

/* Only caches remember the warm-up: frames and what was seen are as before it. Any seat, while no other runs. */
void run_warmed_up(struct run *run);

/* The IOMMU forgets the scenario's places, and so does the engine. Any seat, while no device runs. */
void run_forget_places(struct run *run);
/* This CPU does. */
void run_forget_tlb(struct run *run);

/* run->seen from what the agents and frames hold. Boot CPU, when all have ended. */
void run_collect(struct run *run);

/* Nothing mapped, nothing cached, frames given back. False if run->trouble says what was found. */
bool run_close(struct run *run);

/* For reports. */
struct va run_place_va(enum place_id p);

/* In a stranger's table page A is this frame. Any agent. */
void run_stranger_has(struct run *run, enum frame_id f);
