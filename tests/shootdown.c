#include "tests/shootdown.h"
#include "kernel/apic.h"
#include "kernel/inject.h"
#include "kernel/time.h"
#include "kernel/trap.h"
#include "kernel/x86.h"
#include "tests/wait.h"
#include "tests/worker.h"

static struct run *volatile current;

static void drop(struct run *run, u32 asked) { invlpg((u64)run->self[0].at[asked - 1]); }

static void answer(struct run *run, struct line *asked)
{
	for (unsigned from = 0; from < run->seats; from++) {
		u32 what = __atomic_load_n(&asked[from].v, __ATOMIC_ACQUIRE);

		if (!what)
			continue;
		drop(run, what);
		__atomic_store_n(&asked[from].v, 0, __ATOMIC_RELEASE);
	}
}

static void on_interrupt(struct trap_frame *f)
{
	struct run *run = current;

	(void)f;
	/* End of interrupt first: a request that comes while we answer must interrupt again. */
	apic_eoi();
	for (unsigned s = 0; run && s < run->seats; s++)
		if (run->cpu[s] == this_cpu())
			answer(run, run->asked[s]);
}

void shootdown_init(void) { trap_handler(VECTOR_SHOOTDOWN, on_interrupt); }

void shootdown_for(struct run *run) { current = run; }

static inline bool is_asked(const struct self *self, unsigned seat)
{
	if (INJECTED(SHOOTDOWN) && seat + 1 == self->run->seats)
		return false;
	return seat != self->seat;
}

void shootdown_ipi(struct self *self, u64 place)
{
	struct run *run = self->run;

	invlpg((u64)self->at[place]);
	for (unsigned s = 0; s < run->seats; s++)
		if (is_asked(self, s)) {
			__atomic_store_n(&run->asked[s][self->seat].v, (u32)place + 1,
					 __ATOMIC_SEQ_CST);
			apic_send(run->cpu[s]->apic_id, APIC_FIXED, VECTOR_SHOOTDOWN);
		}
}

void shootdown_broadcast(struct self *self, u64 place)
{
	struct run *run = self->run;

	invlpg((u64)self->at[place]);
	for (unsigned s = 0; s < run->seats; s++)
		if (is_asked(self, s)) {
			__atomic_store_n(&run->broadcast[s][self->seat].v, (u32)place + 1,
					 __ATOMIC_SEQ_CST);
			worker_wake(run->cpu[s]);
		}
}

static bool is_masked(const struct run *run, unsigned seat)
{
	return seat < CPU_AGENTS && run->scenario->agents[seat].count && run->masked[seat].v;
}

bool shootdown_held_off(struct self *self)
{
	for (unsigned s = 0; s < self->run->seats; s++)
		if (s != self->seat && is_masked(self->run, s))
			return true;
	return false;
}

bool shootdown_answered(struct self *self)
{
	struct run *run = self->run;

	for (unsigned s = 0; s < run->seats; s++) {
		const struct line *asked = &run->asked[s][self->seat];

		if (s != self->seat &&
		    !WAIT_FOR(self, !asked->v, !self->racing && is_masked(run, s)))
			return false;
	}
	return true;
}

bool shootdown_broadcast_answered(struct self *self)
{
	struct run *run = self->run;

	for (unsigned s = 0; s < run->seats; s++)
		if (s != self->seat && !WAIT_FOR(self, !run->broadcast[s][self->seat].v, false))
			return false;
	return true;
}

void shootdown_settle(struct self *self)
{
	struct run *run = self->run;

	for (unsigned s = 0; s < run->seats; s++)
		WAIT_FOR(self, !run->asked[self->seat][s].v, false);
}

void shootdown_serve(struct run *run, unsigned seat) { answer(run, run->broadcast[seat]); }
