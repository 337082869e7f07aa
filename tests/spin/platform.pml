/*
 * A second statement of what the architecture allows (the first: tests/model/), for Spin. A
 * translation that a PTE held at some moment since a cache was last told to forget it may be in that
 * cache; who translates takes any that is there, or walks. A generated file (listing.c) defines
 * sizes and symbols, includes this, and has a process for each agent.
 *
 * Agents run freely or, with STEPPED, one step at a time, each to its end. QEMU: as QEMU does it. Wrong
 * on purpose, so that tools/spin.py can show that it sees differences: EARLY, DEAF, UNMASKED, COHERENT.
 */

/* Of all CPUs: is_so(cpu, who) */
#if CPUS == 1
#define ALL(is_so, who) is_so(0, who)
#elif CPUS == 2
#define ALL(is_so, who) (is_so(0, who) && is_so(1, who))
#elif CPUS == 3
#define ALL(is_so, who) (is_so(0, who) && is_so(1, who) && is_so(2, who))
#else
#define ALL(is_so, who) (is_so(0, who) && is_so(1, who) && is_so(2, who) && is_so(3, who))
#endif

byte saw[OBSERVATIONS];
#define SAW(to, symbol) saw[to] = ((to) == 0 -> 0 : (symbol))

byte others;  /* processes that are not agents' */
byte listing; /* of those in this file */
byte variant; /* of it: 0, or the number of the control */

/* In an atomic block, in the middle of a step: others go on, but for STEPPED. */
#ifdef STEPPED
#define MEANWHILE
#else
#define MEANWHILE } atomic {
#endif

/* Scratch of deterministic blocks, of no meaning outside. */
hidden byte i_, cache_, leaf_, at_, what_;

#include "tests/spin/memory.pml"
#ifdef QEMU
#include "tests/spin/qemu.pml"
#else
#include "tests/spin/translation.pml"
#include "tests/spin/queue.pml"
#endif
#include "tests/spin/stores.pml"
#include "tests/spin/steps_cpu.pml"
#include "tests/spin/shootdown.pml"
#include "tests/spin/devices.pml"
#ifndef QEMU
#include "tests/spin/ats.pml"
#endif
#include "tests/spin/software.pml"

inline start_platform()
{
	atomic {
		frame = 0;
		do
		:: frame < CPUS -> run store_buffer(frame); run handler(frame); frame++
		:: else -> break
		od;
		start_iommu();
		frame = 0;
		d_step { changed(0); changed(1) }
	}
}

/* Only caches remember it. */
inline end_warm_up()
{
	ALL(IS_DRAINED, 0);
	d_step {
		i_ = 0;
		do
		:: i_ < OBSERVATIONS -> saw[i_] = 0; i_++
		:: else -> break
		od;
		others = _nr_pr
	}
}

c_code {
	static void print_outcome(int listing, int variant, const unsigned char *saw, const unsigned char *mem)
	{
		printf("= %d %d", listing, variant);
		for (int o = 1; o < OBSERVATIONS; o++)
			printf(" %d", saw[o]);
		for (int f = 0; f < FRAMES; f++)
			printf(" %d", mem[CONTENT(f)]);
		printf("\n");
	}
}

/* When nothing moves any more. The search comes to each final state once. */
inline ending()
{
	timeout;
	if
	:: _nr_pr == others -> c_code { print_outcome(now.listing, now.variant, now.saw, now.mem); }
	:: else -> c_code { printf("= %d %d stuck\n", now.listing, now.variant); }
	fi
}
