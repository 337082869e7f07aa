/* Where the places of a run are, and whose CPUs its agents get: by chance. */
#include "kernel/cpu.h"
#include "tests/run.h"
#include "tests/run_parts.h"
#include "tests/worker.h"

/*
 * Below 4 GiB for devices that count to 32 bits; in one 2 MiB region, a page number each. An emulated TLB is indexed by
 * low bits of it: where a place shares them with pages that the kernel uses all the time, its entry does
 * not stay, so that every attempt has pages of its own.
 */
enum { REGION = 0x50000000, PAGES = RUN_REGION / PAGE_SIZE };
static unsigned pages[PLACES] = { 0xa5, 0xb6 };
static u32 shuffle = 1;

struct va run_place_va(enum place_id p)
{
	return (struct va){ REGION + (u64)pages[p] * PAGE_SIZE };
}

/* xorshift32 */
unsigned run_draw(unsigned below)
{
	shuffle ^= shuffle << 13;
	shuffle ^= shuffle >> 17;
	shuffle ^= shuffle << 5;
	return shuffle % below;
}

void run_placement(u64 seed, unsigned attempt)
{
	run_unmap();
	shuffle = (u32)(seed ^ seed >> 32) * 2654435761u + attempt * 40503u + 1;
	shuffle |= !shuffle;
	for (unsigned p = 0; p < PLACES; p++)
		do
			pages[p] = run_draw(PAGES);
		while (p && pages[p] == pages[p - 1]);
}

/* One more seat, on a CPU that has none yet: any, but the caller's among the first to be taken. */
static bool take_seat(struct run *run)
{
	unsigned n = run->seats;

	if (n == cpu_count)
		return false;
	run->cpu[n] = n ? NULL : this_cpu();
	for (unsigned i = run_draw(cpu_count); !run->cpu[n]; i = (i + 1) % cpu_count) {
		bool taken = false;

		for (unsigned s = 0; s < n; s++)
			taken |= run->cpu[s] == cpus[i];
		if (!taken)
			run->cpu[n] = cpus[i];
	}
	run->seats++;
	return true;
}

void run_seat_agents(struct run *run, const struct scenario *s, enum run_seats seats)
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
