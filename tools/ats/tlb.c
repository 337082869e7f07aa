#include "tools/ats/tlb.h"

bool tlb_touches(const struct tlb_entry *e, u64 first, u64 last)
{
	return e->first <= last && first <= e->last;
}

const struct tlb_entry *tlb_find(const struct tlb *t, u64 iova, bool write)
{
	for (unsigned i = 0; i < t->count; i++)
		if (tlb_touches(&t->entry[i], iova, iova) && (t->entry[i].writes || !write))
			return &t->entry[i];
	return NULL;
}

bool tlb_add(struct tlb *t, const struct tlb_entry *e)
{
	tlb_drop(t, e->first, e->last);
	if (t->count == TLB_ENTRIES)
		return false;
	t->entry[t->count++] = *e;
	return true;
}

static void leave(struct tlb *t, unsigned i) { t->entry[i] = t->entry[--t->count]; }

unsigned tlb_drop(struct tlb *t, u64 first, u64 last)
{
	unsigned had = t->count;
	for (unsigned i = t->count; i--;)
		if (tlb_touches(&t->entry[i], first, last))
			leave(t, i);
	return had - t->count;
}

unsigned tlb_doom(struct tlb *t, u64 first, u64 last, u64 until_us)
{
	unsigned met = 0;
	for (unsigned i = 0; i < t->count; i++) {
		if (!tlb_touches(&t->entry[i], first, last))
			continue;
		t->entry[i].until_us = until_us;
		met++;
	}
	return met;
}

u64 tlb_expire(struct tlb *t, u64 now_us)
{
	u64 next = TLB_HELD;
	for (unsigned i = t->count; i--;) {
		u64 until = t->entry[i].until_us;
		if (until == TLB_STAYS)
			continue;
		if (until <= now_us)
			leave(t, i);
		else if (until < next)
			next = until;
	}
	return next;
}

void tlb_release(struct tlb *t)
{
	for (unsigned i = t->count; i--;)
		if (t->entry[i].until_us != TLB_STAYS)
			leave(t, i);
}

unsigned tlb_doomed(const struct tlb *t)
{
	unsigned doomed = 0;
	for (unsigned i = 0; i < t->count; i++)
		doomed += t->entry[i].until_us != TLB_STAYS;
	return doomed;
}
