#include "tests/shootdown.h"
#include "kernel/apic.h"
#include "kernel/inject.h"
#include "kernel/time.h"
#include "kernel/trap.h"
#include "kernel/x86.h"
#include "tests/wait.h"
#include "tests/worker.h"

static struct run *volatile current;

/* A request is a set of places, and above them how many were asked for. */
#define PLACES_ASKED ((1u << ADDRESSES) - 1)
#define ONE_MORE     (1u << ADDRESSES)

static void ask(struct line *asked, u64 place)
{
	__atomic_fetch_add(&asked->v, ONE_MORE, __ATOMIC_SEQ_CST);
	__atomic_fetch_or(&asked->v, 1u << place, __ATOMIC_SEQ_CST);
}

static bool is_answered(const struct line *asked) { return !(asked->v & PLACES_ASKED); }

static void drop(struct run *run, u32 asked)
{
	for (unsigned p = 0; p < ADDRESSES; p++)
		if (asked & 1u << p)
			invlpg((u64)run->self[0].at[p]);
}

/* Again where somebody asked meanwhile, perhaps for what has just been dropped. */
static void answer(struct run *run, struct line *asked)
{
	for (unsigned from = 0; from < run->seats; from++) {
		u32 what = __atomic_load_n(&asked[from].v, __ATOMIC_ACQUIRE);

		while (what & PLACES_ASKED) {
			drop(run, what);
			if (__atomic_compare_exchange_n(&asked[from].v, &what, what & ~PLACES_ASKED,
							false, __ATOMIC_SEQ_CST, __ATOMIC_ACQUIRE))
				break;
		}
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
			ask(&run->asked[s][self->seat], place);
			apic_send(run->cpu[s]->apic_id, APIC_FIXED, VECTOR_SHOOTDOWN);
		}
}

void shootdown_broadcast(struct self *self, u64 place)
{
	struct run *run = self->run;

	invlpg((u64)self->at[place]);
	for (unsigned s = 0; s < run->seats; s++)
		if (is_asked(self, s)) {
			ask(&run->broadcast[s][self->seat], place);
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
	bool all = true;

	/* Also those behind one that cannot answer: step by step they have done so when this step is over. */
	for (unsigned s = 0; s < run->seats; s++) {
		const struct line *asked = &run->asked[s][self->seat];

		if (s != self->seat)
			all &= WAIT_FOR(self, is_answered(asked),
					!self->racing && is_masked(run, s));
	}
	return all;
}

bool shootdown_broadcast_answered(struct self *self)
{
	struct run *run = self->run;

	for (unsigned s = 0; s < run->seats; s++)
		if (s != self->seat &&
		    !WAIT_FOR(self, is_answered(&run->broadcast[s][self->seat]), false))
			return false;
	return true;
}

void shootdown_settle(struct self *self)
{
	struct run *run = self->run;

	for (unsigned s = 0; s < run->seats; s++)
		WAIT_FOR(self, is_answered(&run->asked[self->seat][s]), false);
}

void shootdown_serve(struct run *run, unsigned seat) { answer(run, run->broadcast[seat]); }
