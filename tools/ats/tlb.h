#pragma once
#include "kernel/types.h"

/* What a device TLB has. Nothing leaves it but by tlb_drop() and tlb_expire(). */
enum { TLB_ENTRIES = 1024 };
#define TLB_STAYS 0       /* until it is told */
#define TLB_HELD  (~0ull) /* until it is released */

struct tlb_entry {
	u64 first, last, user; /* the first byte is at QEMU's address `user` */
	u64 until_us;          /* TLB_STAYS, TLB_HELD, or when it leaves */
	bool writes;
};

struct tlb {
	unsigned count;
	struct tlb_entry entry[TLB_ENTRIES];
};

/* An entry for this address, that permits to write if that is asked; NULL if there is none. Until the next change. */
const struct tlb_entry *tlb_find(const struct tlb *t, u64 iova, bool write);
bool tlb_touches(const struct tlb_entry *e, u64 first, u64 last);
/* In place of all that it touches; false if there is no room. */
bool tlb_add(struct tlb *t, const struct tlb_entry *e);
/* All that touch first to last leave, or shall leave then; returns how many. */
unsigned tlb_drop(struct tlb *t, u64 first, u64 last);
unsigned tlb_doom(struct tlb *t, u64 first, u64 last, u64 until_us);
/* Those whose time has come leave. Returns when the next one's comes, TLB_HELD if none's. */
u64 tlb_expire(struct tlb *t, u64 now_us);
/* Those that are to leave leave now. */
void tlb_release(struct tlb *t);
unsigned tlb_doomed(const struct tlb *t);
