#include "tools/ats/posted.h"
#include <string.h>

bool posted_write(struct posted *p, const struct posted_write *w)
{
	if (p->count == POSTED)
		return false;
	p->item[p->count].is_write = true;
	p->item[p->count++].write = *w;
	return true;
}

bool posted_answer(struct posted *p, const struct tlb_entry *answer)
{
	if (p->count == POSTED)
		return false;
	p->item[p->count].is_write = false;
	p->item[p->count++].answer = *answer;
	return true;
}

void posted_now(const struct posted_write *w, const struct memory *m)
{
	u64 *word = memory_at(m, w->user, sizeof *word, NULL);
	if (word)
		__atomic_store_n(word, w->value, __ATOMIC_SEQ_CST);
}

static void leave(struct posted *p, unsigned i)
{
	memmove(&p->item[i], &p->item[i + 1], (--p->count - i) * sizeof *p->item);
}

bool posted_land(struct posted *p, const struct memory *m, struct tlb *t)
{
	bool room = true;
	for (; p->count; leave(p, 0)) {
		if (p->item[0].is_write)
			posted_now(&p->item[0].write, m);
		else
			room &= tlb_add(t, &p->item[0].answer);
	}
	return room;
}

void posted_land_writes(struct posted *p, const struct memory *m, u64 first, u64 last, bool all)
{
	for (unsigned i = 0; i < p->count;) {
		struct posted_write *w = &p->item[i].write;
		bool named = p->item[i].is_write && w->iova >= first && w->iova <= last;
		if (named && (all || w->overtaken)) {
			posted_now(w, m);
			leave(p, i);
		} else {
			w->overtaken |= named;
			i++;
		}
	}
}

void posted_kill_answers(struct posted *p, u64 first, u64 last)
{
	for (unsigned i = p->count; i--;)
		if (!p->item[i].is_write && tlb_touches(&p->item[i].answer, first, last))
			leave(p, i);
}
