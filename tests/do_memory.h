#pragma once
#include "kernel/trap.h"
#include "kernel/x86.h"
#include "tests/self.h"

/* Steps on memory (tests/do.h), and what every step is made of: observations, delays, frames by their aliases. */

/* Where the mark of a frame is: not in its first line, which is content. Behind it there are zeros: fixup_fetch(). */
enum { CONTENT_AT = 0, MARK_AT = DMA_LINE, CODE_AT = 2 * DMA_LINE };

static inline u8 saw_before(const struct self *self, unsigned observation)
{
	return self->saw[observation];
}

static inline bool done(struct self *self, u64 to, u8 symbol)
{
	if (to != NO_OBSERVATION)
		self->saw[to] = symbol;
	return true;
}

static inline u8 yes(bool is) { return is ? YES : NO; }

/* xorshift32 (Marsaglia 2003): where the next delay comes from. */
static inline u32 chance(struct self *self)
{
	u32 x = self->chance;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return self->chance = x;
}
/* Racing: a small delay; and nothing that another CPU could notice. */
void idle(struct self *self, u32 longest);
static inline bool begin_step(struct self *self, u8 no)
{
	self->doing = no;
	if (self->linger)
		idle(self, self->linger);
	return true;
}

bool load_word(struct self *self, u64 place, unsigned offset, u64 to);
static inline bool do_load(struct self *self, u64 place, u64 to, u64 c)
{
	(void)c;
	return load_word(self, place, CONTENT_AT, to);
}
static inline bool do_load_mark(struct self *self, u64 place, u64 to, u64 c)
{
	(void)c;
	return load_word(self, place, MARK_AT, to);
}

/* A refused access: BLOCKED, and what its #PF said. */
bool page_fault(struct self *self, u64 to, u32 error);
static inline bool do_fetch(struct self *self, u64 place, u64 to, u64 c)
{
	u32 error;

	(void)c;
	return fixup_fetch(self->at[place] + CODE_AT, &error) ? done(self, to, YES)
							      : page_fault(self, to, error);
}

bool do_store(struct self *self, u64 place, u64 symbol, u64 to);
bool do_store_once(struct self *self, u64 place, u64 symbol, u64 to);

static inline bool do_fault_code(struct self *self, u64 observation, u64 to, u64 c)
{
	(void)c;
	return self->saw[observation] != BLOCKED || done(self, to, self->code);
}
static inline bool do_fence(struct self *self, u64 a, u64 b, u64 c)
{
	(void)self, (void)a, (void)b, (void)c;
	mfence();
	return true;
}

/* Frames, by their aliases. */
static inline volatile u64 *content(const struct self *self, u64 frame)
{
	return (volatile u64 *)(self->run->frame[frame] + CONTENT_AT);
}
/* The frame that an observation names; FRAMES: none. */
static inline unsigned named(const struct self *self, u64 observation)
{
	unsigned f = (unsigned)self->saw[observation] - FRAME_MARKS;

	return f < FRAMES ? f : FRAMES;
}

static inline bool do_copy(struct self *self, u64 from, u64 to, u64 c)
{
	(void)c;
	*content(self, to) = *content(self, from);
	return true;
}
static inline bool do_compare(struct self *self, u64 one, u64 other, u64 to)
{
	return done(self, to, yes(*content(self, one) == *content(self, other)));
}
static inline bool do_peek(struct self *self, u64 frame, u64 to, u64 c)
{
	(void)c;
	return done(self, to, words_symbol(&self->run->words, *content(self, frame)));
}
static inline bool do_reuse(struct self *self, u64 frame, u64 b, u64 c)
{
	(void)b, (void)c;
	__atomic_store_n(&self->run->ref[frame].v, 1, __ATOMIC_RELEASE);
	*content(self, frame) = self->run->words.of[S];
	return true;
}
static inline bool do_alloc(struct self *self, u64 frame, u64 to, u64 c)
{
	u32 was_free = 0;
	bool got = __atomic_compare_exchange_n(&self->run->ref[frame].v, &was_free, 1, false,
					       __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);

	(void)c;
	if (got)
		__atomic_exchange_n(content(self, frame), self->run->words.of[S], __ATOMIC_SEQ_CST);
	return done(self, to, yes(got));
}
static inline bool do_store_seen(struct self *self, u64 observation, u64 symbol, u64 c)
{
	unsigned f = named(self, observation);

	(void)c;
	if (f != FRAMES)
		*content(self, f) = self->run->words.of[symbol];
	return true;
}

static inline bool do_get(struct self *self, u64 frame, u64 b, u64 c)
{
	(void)b, (void)c;
	__atomic_add_fetch(&self->run->ref[frame].v, 1, __ATOMIC_SEQ_CST);
	return true;
}
bool change_ref(struct self *self, unsigned frame, bool up, u32 *was);
static inline bool do_put(struct self *self, u64 frame, u64 to, u64 c)
{
	u32 was;

	(void)c;
	return done(self, to,
		    change_ref(self, (unsigned)frame, false, &was) ? (u8)COUNT(was - 1) : BLOCKED);
}
bool do_ref_wait(struct self *self, u64 frame, u64 number, u64 c);
static inline bool do_put_seen(struct self *self, u64 observation, u64 to, u64 c)
{
	unsigned f = named(self, observation);

	return f == FRAMES || do_put(self, f, to, c);
}
static inline bool do_try_get(struct self *self, u64 observation, u64 to, u64 c)
{
	unsigned f = named(self, observation);
	u32 was;

	(void)c;
	return done(self, to, yes(f != FRAMES && change_ref(self, f, true, &was)));
}
