/* The steps that are more than an instruction or two. */
#include "tests/do.h"
#include "kernel/inject.h"
#include "kernel/x86.h"
#include "tests/worker.h"

void idle(struct self *self, u32 longest)
{
	/* Where CPUs take turns to spin delays nobody; the next CPU goes on here, or later. */
	if (worker_takes_turns) {
		if (longest && chance(self) & 1)
			pause();
	} else if (longest) {
		for (u32 n = chance(self) % longest; n; n--)
			__asm__ volatile("");
	}
}

bool page_fault(struct self *self, u64 to, u32 error)
{
	const u64 known = mask(PF_P) | mask(PF_W) | mask(PF_U) | mask(PF_I);
	unsigned bits = (get(error, PF_P) ? FAULT_PRESENT : 0) |
			(get(error, PF_W) ? FAULT_WRITE : 0) | (get(error, PF_U) ? FAULT_USER : 0) |
			(get(error, PF_I) ? FAULT_FETCH : 0);

	self->code = error & ~known ? OTHER : (u8)COUNT(bits);
	return done(self, to, BLOCKED);
}

bool load_word(struct self *self, u64 place, unsigned offset, u64 to)
{
	u64 word;
	u32 error;

	if (!fixup_load((const volatile u64 *)(self->at[place] + offset), &word, &error))
		return page_fault(self, to, error);
	if (to == NO_OBSERVATION)
		return true;
	self->raw[to] = word;
	return done(self, to, words_symbol(&self->run->words, word));
}

bool do_store(struct self *self, u64 place, u64 symbol, u64 to)
{
	volatile u64 *p = (volatile u64 *)(self->at[place] + CONTENT_AT);
	u32 error;

	/* A stale entry may refuse what the PTE in memory allows; the fault drops it (SDM 3A 4.10.4.3). */
	for (unsigned attempt = 0; attempt < 2; attempt++)
		if (fixup_store(p, self->run->words.of[symbol], &error)) {
			if (INJECTED(STRAY))
				p[PAGE_SIZE / 2 / sizeof *p] = 1;
			return done(self, to, LANDED);
		}
	if (to == NO_OBSERVATION)
		run_trouble(self->run, "a store that must go through took #PF, error %#x", error);
	return page_fault(self, to, error);
}

bool do_store_once(struct self *self, u64 place, u64 symbol, u64 to)
{
	volatile u64 *p = (volatile u64 *)(self->at[place] + CONTENT_AT);
	u32 error;

	return fixup_store(p, self->run->words.of[symbol], &error) ? done(self, to, LANDED)
								   : page_fault(self, to, error);
}

/* One up, or one down, unless it is free. */
bool change_ref(struct self *self, unsigned frame, bool up, u32 *was)
{
	struct line *ref = &self->run->ref[frame];

	*was = ref->v;
	while (*was && !__atomic_compare_exchange_n(&ref->v, was, up ? *was + 1 : *was - 1, false,
						    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		;
	return *was;
}

enum { PTE_SPECIAL = 1 }; /* bit 9, as in Linux */

u8 pte_symbol(const struct run *run, u64 pte)
{
	const u64 payload = pte_payload(pte);

	if (!get(pte, PTE_P))
		return !payload                    ? EMPTY
		       : payload == tag(MIGRATION) ? MIGRATION
		       : payload == tag(SWAP)      ? SWAP
						   : OTHER;
	if (get(pte, PTE_SOFTWARE) == PTE_SPECIAL)
		return SPECIAL;
	for (unsigned f = 0; f < FRAMES; f++)
		if ((pte & mask(PTE_ADDRESS)) == run->frame_pa[f].v)
			return (u8)MARK(f);
	return OTHER;
}

u64 run_leaf(const struct run *run, u64 frame, u64 rights, unsigned state)
{
	/* With A and D set a walk has nothing to store: one that cannot snoop could not (VT-d 3.6). */
	u32 flags = state == LEAF_FRESH ? 0 : PAGE_ACCESSED;

	if (!rights)
		return 0;
	/* Executable by its place, written by its alias: there are zeros, and only ring 3 goes there (fixup_fetch). */
	flags |= (rights == SUPERVISOR || rights == SUPERVISOR_RX ? 0 : PAGE_USER) |
		 (rights >= RX ? PAGE_EXEC : 0);
	if (may_write(rights))
		flags |= PAGE_WRITE | (state == LEAF_USED ? PAGE_DIRTY : 0);
	return pte_leaf(PG_4K, run->frame_pa[frame], flags) |
	       put(PTE_SOFTWARE, rights == RW_SPECIAL ? PTE_SPECIAL : 0);
}

u64 run_entry(const struct run *run, u64 place, u64 frame, u64 rights, unsigned state)
{
	if (!has_mirror(run->scenario) || place != MIRROR)
		return run_leaf(run, frame, rights, state) |
		       put(PTE_G, rights && run->scenario->global & GLOBAL(place));
	return rights ? vtd_table_leaf(&machine.mirror, run->frame_pa[frame], rights == RW) : 0;
}

bool pte_drop_bits(struct self *self, u64 place, u64 bits)
{
	u64 old = *self->pte[place];

	while (get(old, PTE_P) &&
	       !__atomic_compare_exchange_n(self->pte[place], &old, old & ~bits, false,
					    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		;
	return published(self, place, old);
}

/* All, global ones too: by changing CR4.PGE (SDM 3A 4.10.4.1). Who was ended between the two has it on again after the next. */
bool do_flush_all(struct self *self, u64 a, u64 b, u64 c)
{
	u64 cr4 = read_cr4();

	(void)self, (void)a, (void)b, (void)c;
	write_cr4(cr4 & ~mask(CR4_PGE));
	write_cr4(cr4 | mask(CR4_PGE));
	return true;
}

bool do_sti(struct self *self, u64 a, u64 b, u64 c)
{
	struct run *run = self->run;

	(void)a, (void)b, (void)c;
	run->masked[self->agent].v = 0;
	__atomic_store_n(&run->left[self->agent].v, run->left[self->agent].v + 1, __ATOMIC_RELEASE);
	sti();
	if (!self->racing)
		shootdown_settle(self);
	return true;
}

bool no_such_step(struct self *self)
{
	run_trouble(self->run, "no engine can do this step");
	return false;
}
