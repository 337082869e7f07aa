#pragma once
/*
 * Steps of the IOMMU's queue, of device TLBs and of entries, and what they call down to the registers of a unit, which is played; so is
 * all that has no part in what they store.
 */
#include <asm/prctl.h>
#include <sys/syscall.h>
/* And no unistd.h, which has a pause(). */
long syscall(long number, ...);

/* Steps have instructions, of which the unit that is played has some, by the same names. */
#include "iommu/vtd_access.h"
#undef HOST
#define clflush cpu_clflush
#define mfence  cpu_mfence
#define pause   cpu_pause
#include "kernel/x86.h"
#undef clflush
#undef mfence
#undef pause
#define HOST

/* The code under test, before what is played, whose names it does not know. */
#include "tests/do_iommu.c"
#define page_of iova_of
#include "tests/do_ats.c"
#undef page_of
#include "tests/do_entry.c"
#include "tests/machine_entry.c"
#include "tests/machine_queue.c"

/* Every store in a table of the unit's, in order, before the unit sees it. */
static void played_write64(volatile void *p, u64 v);
#define FRAMES       PLAYED_FRAMES
#define mmio_write64 played_write64
#include "tests/host/played_vtd.h"
#undef mmio_write64
#include "tests/host/played_unit.h"

static struct {
	u64 at;
	u64 v;
} stored[16];
static unsigned stores, strangers;
void mmio_write64(volatile void *p, u64 v)
{
	unsigned reg;

	if (!is_register(p, &reg)) {
		stored[stores % ARRAY_SIZE(stored)].at = (u64)p;
		stored[stores++ % ARRAY_SIZE(stored)].v = v;
	}
	played_write64(p, v);
}

struct machine machine;
bool worker_takes_turns;
void wait_was_late(struct self *self) { (void)self, fail(); }
void shootdown_serve(struct run *run, unsigned seat) { (void)run, (void)seat; }
void rescue_leave(void) { fail(); }
void machine_trouble(const char *sentence) { fail_msg("%s", sentence); }
enum machine_fault machine_fault(struct va at, struct vtd_fault *fault)
{
	(void)at, (void)fault;
	return FAULT_NONE;
}
void panic(const char *fmt, ...) { (void)fmt, abort(); }
void run_stranger_has(struct run *run, enum frame_id f) { strangers += run && f == Q1; }
static unsigned troubles;
void run_trouble(struct run *run, const char *fmt, ...) { (void)run, (void)fmt, troubles++; }

enum { SID = 0x0113, PASID = 0x12345, PASID_APART = 0x12344 };
enum way { BY_FIRST, BY_SECOND, BY_LEGACY };
static struct pci_function function = { .bus = 1, .dev = 2, .fn = 3 };
static struct dma_engine engine = { .name = "played", .fn = &function };
static struct scenario scenario;
static struct run run;
static struct cpu cpu;

/* A unit that drains reads and writes, invalidates up to 2^9 pages, and sees only what is written back. */
static void machine_of(enum way way)
{
	const enum vtd_pgtt stage = way == BY_FIRST ? VTD_FIRST_STAGE : VTD_SECOND_STAGE;
	const u64 drains = 3ull << 54, mamv = 9ull << 48, psi = 1ull << 39;

	reset(NULL);
	hw.cap = CAP | SAGAW | drains | mamv | psi;
	hw.ecap = way == BY_FIRST ? ECAP : way == BY_SECOND ? SECOND : LEGACY;
	hw.no_snoop = true;
	hw.answers_in = 1;
	start();
	machine = (struct machine){ .unit = &unit,
				    .pasid = way == BY_LEGACY ? 0 : PASID,
				    .shared = { stage, 4, { 0x1000 }, DOMAIN },
				    .stranger.space = { stage, 4, { 0x9000 }, DOMAIN_NOTHING },
				    .mirror.space = { stage, 4, { 0x7654000 }, DOMAIN_MIRROR },
				    .apart_did = DOMAIN_APART,
				    .apart_pasid = PASID_APART,
				    .dtlb = { SID, 0, 31 } };
	machine.space = machine.shared;
	assert_true(vtd_attach(&unit, SID, machine.pasid, VTD_NO_ATS, machine.requester));
	assert_int_equal(vtd_pasid_set(machine.requester, machine.pasid, &machine.space), VTD_OK);
	scenario = (struct scenario){ 0 };
	memset(&run, 0, sizeof run);
	run.scenario = &scenario;
	run.engine = &engine;
	run.self->run = &run;
	run.self->at[A] = (u8 *)0x40005000;
	run.self->at[B] = (u8 *)0x7fff12345000;
	troubles = strangers = 0;
	/* A test that failed may have left it taken. */
	queue_taken = false;
	cpu.rescue.uncut = 0;
}

/* The group's: this_cpu(), whose count of code that must not be cut the steps keep. */
static int has_cpu(void **state)
{
	(void)state;
	cpu.self = &cpu;
	return (int)syscall(SYS_arch_prctl, ARCH_SET_GS, &cpu);
}
