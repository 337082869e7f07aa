#pragma once
#include "kernel/bits.h"
#include "kernel/trap.h"
#include "kernel/x86.h"
#include "mm/pte.h"
#include "tests/self.h"
#include "tests/shootdown.h"

/* Each step on the machine: do_<op>(), inlined where a listing is expanded. tests/ops.h says what they mean. */

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

/* Page-table entries. */
u8 pte_symbol(const struct run *run, u64 pte);
u64 run_pde(const struct run *run, u64 table);
u64 run_leaf(const struct run *run, u64 frame, u64 rights, unsigned state);
/* The same as an entry of this place: of the mirror in the format that devices' tables have. */
u64 run_entry(const struct run *run, u64 place, u64 frame, u64 rights, unsigned state);

/* An entry of the mirror that was absent: a unit in caching mode is told of that. */
bool mirror_made_present(struct self *self, u64 was);
static inline bool published(struct self *self, u64 place, u64 was)
{
	machine_publish(self->pte[place]);
	return !self->run->scenario->mirror || place != MIRROR || mirror_made_present(self, was);
}
static inline u64 exchange(struct self *self, u64 place, u64 pte)
{
	/* Locked: a walker that sets A or D meanwhile must not bring the entry back (SDM 3A 4.10.2). */
	u64 old = __atomic_exchange_n(self->pte[place], pte, __ATOMIC_SEQ_CST);

	published(self, place, old);
	return old;
}
static inline bool do_pte_read(struct self *self, u64 place, u64 to, u64 c)
{
	(void)c;
	return done(self, to, pte_symbol(self->run, *self->pte[place]));
}
static inline bool do_pte_same(struct self *self, u64 place, u64 observation, u64 to)
{
	u8 sees = pte_symbol(self->run, *self->pte[place]);

	return done(self, to, yes(sees == self->saw[observation]));
}
static inline bool do_pte_dirty(struct self *self, u64 place, u64 to, u64 c)
{
	u64 pte = *self->pte[place];

	(void)c;
	return done(self, to, yes(get(pte, PTE_P) && get(pte, PTE_D)));
}
static inline bool do_pte_accessed(struct self *self, u64 place, u64 to, u64 c)
{
	u64 pte = *self->pte[place];

	(void)c;
	return done(self, to, yes(get(pte, PTE_P) && get(pte, PTE_A)));
}
static inline bool do_pte_writable(struct self *self, u64 place, u64 to, u64 c)
{
	u64 pte = *self->pte[place];

	(void)c;
	return done(self, to, yes(get(pte, PTE_P) && get(pte, PTE_RW)));
}
static inline bool do_pte_clear(struct self *self, u64 place, u64 b, u64 c)
{
	(void)b, (void)c;
	exchange(self, place, 0);
	return true;
}
static inline bool do_pte_clear_dirty(struct self *self, u64 place, u64 to, u64 c)
{
	u64 pte = exchange(self, place, 0);

	(void)c;
	return done(self, to, yes(get(pte, PTE_P) && get(pte, PTE_D)));
}
static inline bool do_pte_set(struct self *self, u64 place, u64 frame, u64 rights)
{
	u64 was = *self->pte[place];

	*self->pte[place] = run_entry(self->run, place, frame, rights, LEAF_USED);
	return published(self, place, was);
}
static inline bool do_pte_fill(struct self *self, u64 place, u64 observation, u64 rights)
{
	unsigned f = named(self, observation);

	return f == FRAMES || do_pte_set(self, place, f, rights);
}
static inline bool do_pte_exchange(struct self *self, u64 place, u64 frame, u64 rights)
{
	exchange(self, place, run_entry(self->run, place, frame, rights, LEAF_USED));
	return true;
}
/* Where A and D would be it is 0, see pte_payload(). */
static inline u64 tag(u64 symbol) { return symbol << PAGE_SHIFT; }
static inline bool do_pte_tag(struct self *self, u64 place, u64 symbol, u64 c)
{
	(void)c;
	exchange(self, place, tag(symbol));
	return true;
}
bool pte_drop_bits(struct self *self, u64 place, u64 bits);
static inline bool do_pte_wrprotect(struct self *self, u64 place, u64 b, u64 c)
{
	(void)b, (void)c;
	return pte_drop_bits(self, place, mask(PTE_RW));
}
static inline bool do_pte_clean(struct self *self, u64 place, u64 b, u64 c)
{
	(void)b, (void)c;
	return pte_drop_bits(self, place, mask(PTE_D));
}
static inline bool do_pte_age(struct self *self, u64 place, u64 b, u64 c)
{
	(void)b, (void)c;
	return pte_drop_bits(self, place, mask(PTE_A));
}

/* Page-table pages. */
bool do_pde_read(struct self *self, u64 place, u64 to, u64 c);
bool do_pde_same(struct self *self, u64 place, u64 observation, u64 to);
bool do_pde_clear(struct self *self, u64 place, u64 b, u64 c);
bool do_pde_set(struct self *self, u64 place, u64 table, u64 c);
bool do_pde_exchange(struct self *self, u64 place, u64 table, u64 c);
bool do_table_read(struct self *self, u64 observation, u64 place, u64 to);
bool do_table_leaf(struct self *self, u64 table, u64 place, u64 frame);
bool do_table_reuse(struct self *self, u64 table, u64 b, u64 c);
bool do_table_touched(struct self *self, u64 table, u64 to, u64 c);

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

/* The IOMMU and devices. */
bool do_iommu_queue(struct self *self, u64 place, u64 b, u64 c);
bool do_iommu_queue_leaf(struct self *self, u64 place, u64 b, u64 c);
bool do_iommu_queue_no_drain(struct self *self, u64 place, u64 b, u64 c);
bool do_iommu_queue_block(struct self *self, u64 place, u64 order, u64 c);
bool do_iommu_select(struct self *self, u64 place, u64 scope, u64 c);
bool do_iommu_wait(struct self *self, u64 a, u64 b, u64 c);
bool do_iommu_flush(struct self *self, u64 place, u64 b, u64 c);
bool do_queue_refused(struct self *self, u64 kind, u64 b, u64 c);
bool do_iommu_wait_badly(struct self *self, u64 how, u64 b, u64 c);
bool do_pasid_queue(struct self *self, u64 a, u64 b, u64 c);
bool do_context_queue(struct self *self, u64 a, u64 b, u64 c);
bool do_entry_clear(struct self *self, u64 a, u64 b, u64 c);
bool do_entry_wipe(struct self *self, u64 a, u64 b, u64 c);
bool do_entry_root(struct self *self, u64 place, u64 b, u64 c);
bool do_entry_domain(struct self *self, u64 place, u64 b, u64 c);
bool do_entry_set(struct self *self, u64 a, u64 b, u64 c);
bool do_context_clear(struct self *self, u64 a, u64 b, u64 c);
bool do_context_set(struct self *self, u64 a, u64 b, u64 c);
bool do_dma_read(struct self *self, u64 place, u64 to, u64 c);
bool do_dma_read_mark(struct self *self, u64 place, u64 to, u64 c);
bool do_dma_write(struct self *self, u64 place, u64 symbol, u64 to);
bool do_dtlb_queue_block(struct self *self, u64 place, u64 order, u64 c);
bool do_dtlb_queue(struct self *self, u64 place, u64 b, u64 c);
bool do_ats_request(struct self *self, u64 place, u64 to, u64 c);
bool do_ats_request_write(struct self *self, u64 place, u64 to, u64 c);
bool do_ats_read(struct self *self, u64 place, u64 to, u64 c);
bool do_ats_write(struct self *self, u64 place, u64 symbol, u64 to);
bool do_ats_ask(struct self *self, u64 place, u64 b, u64 c);
bool do_ats_post(struct self *self, u64 place, u64 symbol, u64 to);
bool do_ats_land(struct self *self, u64 a, u64 b, u64 c);
/* No engine sends page requests yet: scenarios that need one are skipped before. */
bool no_such_step(struct self *self);
#define NO_ENGINE_YET(name)                                                  \
	static inline bool do_##name(struct self *self, u64 a, u64 b, u64 c) \
	{                                                                    \
		(void)a, (void)b, (void)c;                                   \
		return no_such_step(self);                                   \
	}
NO_ENGINE_YET(page_request)
NO_ENGINE_YET(page_response)
NO_ENGINE_YET(page_wait)

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
