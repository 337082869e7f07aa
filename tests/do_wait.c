/* Steps that wait for another agent. */
#include "tests/do.h"
#include "tests/wait.h"

void wait_was_late(struct self *self)
{
	if (!self->racing)
		run_trouble(self->run, "step %u of %s waited %u ms in vain", self->doing,
			    self->run->scenario->agents[self->agent].name, STEP_DEADLINE_MS);
}

bool do_ref_wait(struct self *self, u64 frame, u64 number, u64 c)
{
	struct line *ref = &self->run->ref[frame];

	(void)c;
	return WAIT_FOR(self, __atomic_load_n(&ref->v, __ATOMIC_ACQUIRE) == number, !self->racing);
}

bool do_lock(struct self *self, u64 number, u64 b, u64 c)
{
	struct line *l = &self->run->lock[number];
	u32 is_free = 0;

	(void)b, (void)c;
	return WAIT_FOR(
		self,
		(is_free = 0, __atomic_compare_exchange_n(&l->v, &is_free, self->agent + 1u, false,
							  __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)),
		!self->racing);
}

bool do_heed(struct self *self, u64 whom, u64 b, u64 c)
{
	const volatile u8 *told = &self->run->told[self->agent].by[whom];

	(void)b, (void)c;
	return WAIT_FOR(self, __atomic_load_n(told, __ATOMIC_ACQUIRE), !self->racing);
}

bool do_word_wait(struct self *self, u64 word, u64 value, u64 c)
{
	struct line *l = &self->run->word[word];

	(void)c;
	return WAIT_FOR(self, __atomic_load_n(&l->v, __ATOMIC_ACQUIRE) % COUNTS == value,
			!self->racing);
}

bool do_cpu_flush(struct self *self, u64 place, u64 b, u64 c)
{
	(void)b, (void)c;
	if (!self->racing && shootdown_held_off(self))
		return false;
	shootdown_ipi(self, place);
	return shootdown_answered(self);
}

/* A read-side section is what is between cli and sti. */
bool do_rcu_start(struct self *self, u64 a, u64 b, u64 c)
{
	struct run *run = self->run;

	(void)a, (void)b, (void)c;
	for (unsigned d = 0; d < CPU_AGENTS; d++) {
		u32 left = __atomic_load_n(&run->left[d].v, __ATOMIC_ACQUIRE);

		self->grace[d] = d != self->agent && run->masked[d].v ? left + 1 : 0;
	}
	return true;
}

bool do_rcu_wait(struct self *self, u64 a, u64 b, u64 c)
{
	struct run *run = self->run;

	(void)a, (void)b, (void)c;
	for (unsigned d = 0; d < CPU_AGENTS; d++)
		if (self->grace[d] &&
		    !WAIT_FOR(self,
			      __atomic_load_n(&run->left[d].v, __ATOMIC_ACQUIRE) >= self->grace[d],
			      !self->racing))
			return false;
	return true;
}
