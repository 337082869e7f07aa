#pragma once
#include "kernel/x86.h"
#include "tests/do_iommu.h"
#include "tests/do_memory.h"
#include "tests/do_table.h"
#include "tests/shootdown.h"

/* Each step on the machine: do_<op>(), inlined where a listing is expanded. tests/ops.h says what they mean. */

/* TLBs. */
static inline bool do_invlpg(struct self *self, u64 place, u64 b, u64 c)
{
	(void)b, (void)c;
	invlpg((u64)self->at[place]);
	return true;
}
static inline bool do_cr3_load(struct self *self, u64 a, u64 b, u64 c)
{
	(void)self, (void)a, (void)b, (void)c;
	write_cr3(read_cr3());
	return true;
}
static inline bool do_leave_mm(struct self *self, u64 a, u64 b, u64 c)
{
	(void)a, (void)b, (void)c;
	write_cr3(self->run->cr3[B]);
	return true;
}
bool do_space_load(struct self *self, u64 place, u64 how, u64 c);
bool do_invpcid(struct self *self, u64 type, u64 place, u64 c);
bool do_flush_all(struct self *self, u64 a, u64 b, u64 c);
static inline bool do_ipi(struct self *self, u64 place, u64 b, u64 c)
{
	(void)b, (void)c;
	shootdown_ipi(self, place);
	/* Step by step: who can answer does so now. */
	return self->racing || shootdown_answered(self) || true;
}
static inline bool do_ipi_wait(struct self *self, u64 a, u64 b, u64 c)
{
	(void)a, (void)b, (void)c;
	return shootdown_answered(self);
}
bool do_cpu_flush(struct self *self, u64 place, u64 b, u64 c);
static inline bool do_broadcast(struct self *self, u64 place, u64 b, u64 c)
{
	(void)b, (void)c;
	shootdown_broadcast(self, place);
	return shootdown_broadcast_answered(self);
}
static inline bool do_cli(struct self *self, u64 a, u64 b, u64 c)
{
	(void)a, (void)b, (void)c;
	cli();
	/* Locked: whoever looks for sections that are open (rcu_start) finds this one before it has read anything. */
	__atomic_exchange_n(&self->run->masked[self->agent].v, 1, __ATOMIC_SEQ_CST);
	return true;
}
bool do_sti(struct self *self, u64 a, u64 b, u64 c);

/* Software that synchronises. */
bool do_lock(struct self *self, u64 number, u64 b, u64 c);
static inline bool do_unlock(struct self *self, u64 number, u64 b, u64 c)
{
	(void)b, (void)c;
	__atomic_store_n(&self->run->lock[number].v, 0, __ATOMIC_RELEASE);
	return true;
}
static inline bool do_tell(struct self *self, u64 whom, u64 b, u64 c)
{
	(void)b, (void)c;
	__atomic_store_n(&self->run->told[whom].by[self->agent], true, __ATOMIC_RELEASE);
	return true;
}
bool do_heed(struct self *self, u64 whom, u64 b, u64 c);
static inline bool do_word_set(struct self *self, u64 word, u64 value, u64 c)
{
	(void)c;
	self->run->word[word].v = (u32)value;
	return true;
}
static inline bool do_word_add(struct self *self, u64 word, u64 value, u64 c)
{
	(void)c;
	__atomic_add_fetch(&self->run->word[word].v, (u32)value, __ATOMIC_SEQ_CST);
	return true;
}
static inline bool do_word_read(struct self *self, u64 word, u64 to, u64 c)
{
	(void)c;
	return done(self, to, (u8)COUNT(self->run->word[word].v % COUNTS));
}
static inline bool do_word_same(struct self *self, u64 word, u64 observation, u64 to)
{
	u8 sees = (u8)COUNT(self->run->word[word].v % COUNTS);

	return done(self, to, yes(sees == self->saw[observation]));
}
bool do_word_wait(struct self *self, u64 word, u64 value, u64 c);
bool do_rcu_start(struct self *self, u64 a, u64 b, u64 c);
bool do_rcu_wait(struct self *self, u64 a, u64 b, u64 c);
