#pragma once
#include "tools/ats/memory.h"
#include "tools/ats/tlb.h"

/* What was accepted and has not happened: writes on their way to memory, answers on their way to the device TLB. */
enum { POSTED = 64 };

struct posted_write {
	u64 iova, value, user; /* user: what it was translated to */
	bool overtaken;        /* an invalidation was confirmed before it had landed */
};

struct posted {
	unsigned count;
	struct {
		bool is_write;
		struct posted_write write;
		struct tlb_entry answer;
	} item[POSTED];
};

/* False if there is no room. */
bool posted_write(struct posted *p, const struct posted_write *w);
bool posted_answer(struct posted *p, const struct tlb_entry *answer);
/* This write, into memory. It was looked up before; memory that QEMU took away since gets nothing. */
void posted_now(const struct posted_write *w, const struct memory *m);
/* Everything; false if the device TLB had no room. */
bool posted_land(struct posted *p, const struct memory *m, struct tlb *t);
/* The writes to first to last, or of these the overtaken, and the others are by then; the answers that touch them. */
void posted_land_writes(struct posted *p, const struct memory *m, u64 first, u64 last, bool all);
void posted_kill_answers(struct posted *p, u64 first, u64 last);
