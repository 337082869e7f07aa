/*
 * A second statement of what the architecture allows (the first: tests/model/), for Spin. A
 * translation that a PTE held at some moment since a cache was last told to forget it may be in that
 * cache; who translates takes any that is there, or walks. A generated file (promela.c) has
 * sizes, symbols and the list of operations, and includes this.
 *
 * Agents run freely or, with STEPPED, one step at a time, each to its end. QEMU: as QEMU does it. Wrong
 * on purpose, so that tools/spin.py can show that it sees differences: EARLY, DEAF, UNMASKED, COHERENT.
 */

/* Of all CPUs: is_so(cpu, who). Those that are not there hold nothing and are asked nothing. */
#define ALL(is_so, who) (is_so(0, who) && is_so(1, who) && is_so(2, who) && is_so(3, who))

byte saw[OBSERVATIONS];
#define SAW(to, symbol) saw[to] = ((to) == 0 -> 0 : (symbol))

byte others;  /* processes that are not agents' */
byte variant; /* of the listing: 0, or the number of the control */

/* In an atomic block, in the middle of a step: others go on, but for STEPPED. */
#ifdef STEPPED
#define MEANWHILE
#else
#define MEANWHILE } atomic {
#endif

/* Scratch of deterministic blocks, of no meaning outside. */
hidden byte i_, cache_, leaf_, at_, what_;

#include "tests/spin/memory.pml"
#include "tests/spin/listing.pml"
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
#include "tests/spin/agents.pml"

c_code {
	static void print_outcome(int variant, const unsigned char *saw, const unsigned char *mem)
	{
		printf("= %d", variant);
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
	:: _nr_pr == others -> c_code { print_outcome(now.variant, now.saw, now.mem); }
	:: else -> c_code { printf("= %d stuck\n", now.variant); }
	fi
}

/* `frame` counts; a listing is chosen with its control, caches are warmed, then all agents run. */
init
{
	byte frame, seen;

	atomic {
		c_code { read_listing(); };
		do
		:: variant + 1 < variants -> variant++
		:: break
		od;
		do
		:: frame < cpus -> run store_buffer(frame); run handler(frame); frame++
		:: else -> break
		od;
		start_iommu();
		d_step { changed(0); changed(1) }
		others = _nr_pr;
		frame = 0
	}
	do
	:: atomic { frame < AGENTS && c_expr { warm[Pinit->frame] >= 0 } -> run agent(frame, c_expr { warm[Pinit->frame] }) }
		atomic { _nr_pr == others -> frame++ }
	:: frame < AGENTS && c_expr { warm[Pinit->frame] < 0 } -> frame++
	:: frame == AGENTS -> break
	od;
	/* Only caches remember that. */
	atomic {
		ALL(IS_DRAINED, 0);
		d_step {
			c_code { refill(); };
			i_ = 0;
			do
			:: i_ < OBSERVATIONS -> saw[i_] = 0; i_++
			:: else -> break
			od;
			frame = 0
		}
		do
		:: frame < AGENTS && c_expr { first[now.variant][Pinit->frame] >= 0 } ->
			run agent(frame, c_expr { first[now.variant][Pinit->frame] });
			frame++
		:: frame < AGENTS && c_expr { first[now.variant][Pinit->frame] < 0 } -> frame++
		:: frame == AGENTS -> break
		od;
		frame = 0
	}
	ending()
}
