#include "tests/host/watched.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Present, a leaf, everything permitted: whoever reads it and follows is caught. */
#define GARBAGE 0x000dead0beef0067ull
#define FIRST   0x100000ull
#define RESERVED \
	0x7ff0000000000000ull /* 62:52: ignored by hardware, but nothing here sets them: garbage */

static bool is_table(const struct watched *w, u64 pa)
{
	return pa >= FIRST && pa < FIRST + W_FRAMES * 4096ull && w->frame[(pa - FIRST) / 4096].live;
}

static void violation(struct watched *w, u64 va, const char *what, u64 value)
{
	if (!w->violations++)
		snprintf(w->first, sizeof w->first, "moment %u: 0x%llx: %s 0x%llx", w->moments,
			 (unsigned long long)va, what, (unsigned long long)value);
}

/* The walker of the observers. A present result is judged, standing points are noted. */
struct observer {
	struct watched *w;
	const struct watch *watch;
	bool snoops, keep;
};

static void judge(const struct observer *o, u64 seen)
{
	if (!seen && o->watch->always_present)
		violation(o->w, o->watch->va, "not present", 0);
	if (seen && seen != o->watch->allowed[0] && seen != o->watch->allowed[1])
		violation(o->w, o->watch->va, "seen", seen);
}

static void stand(struct watched *w, u64 table, u64 va, unsigned level, u64 above)
{
	for (unsigned i = 0; i < w->stands; i++)
		if (w->stand[i].table == table && w->stand[i].va == va &&
		    w->stand[i].level == level && w->stand[i].above == above)
			return;
	if (w->stands == W_STANDS)
		violation(w, va, "more standing points than room", W_STANDS);
	else
		w->stand[w->stands++] = (struct stand){ table, va, level, above };
}

static const u64 size_of[] = { 0, 0x1000, 0x200000, 0x40000000, 0x8000000000 };

static void observe(const struct observer *o, u64 table, unsigned level, u64 above);

static void observe_entry(const struct observer *o, u64 pte, unsigned level, u64 above)
{
	u64 rights = (pte & above & 6) | ((pte | above) & 1ull << 63);
	bool leaf = level == 1 || (pte & 0x80);

	if (!(pte & 1)) {
		judge(o, 0);
	} else if ((pte & RESERVED) || (leaf && level == 4) ||
		   (leaf && level > 1 && (pte & 0xfffffffffe000 & (size_of[level] - 1)))) {
		violation(o->w, o->watch->va, "reserved bits in", pte);
	} else if (leaf) {
		u64 pa = pte & 0xffffffffff000 & ~(size_of[level] - 1);

		judge(o, (pa + (o->watch->va & (size_of[level] - 1))) / 4096 * 4096 | rights | 1);
	} else {
		u64 next = pte & 0xffffffffff000;

		if (o->keep)
			stand(o->w, next, o->watch->va, level - 1, rights);
		observe(o, next, level - 1, rights);
	}
}

static void observe(const struct observer *o, u64 table, unsigned level, u64 above)
{
	unsigned index = (unsigned)(o->watch->va >> (3 + 9 * level)) & 511;
	unsigned i;

	if (!is_table(o->w, table)) {
		violation(o->w, o->watch->va, "walk through what is no table:", table);
		return;
	}
	i = o->snoops ? o->w->frame[(table - FIRST) / 4096].line[index / 8].versions - 1 : 0;
	for (; i < o->w->frame[(table - FIRST) / 4096].line[index / 8].versions; i++)
		observe_entry(
			o, o->w->frame[(table - FIRST) / 4096].line[index / 8].word[i][index % 8],
			level, above);
}

static void moment(struct watched *w)
{
	unsigned stands = w->stands;

	w->moments++;
	for (unsigned i = 0; i < w->watches; i++)
		for (unsigned snoops = w->by == ALL_SNOOP; snoops < 2; snoops++) {
			struct observer o = { w, &w->watch[i], snoops, true };

			observe(&o, w->root.v, 4, 6);
			o.keep = false;
			for (unsigned s = 0; s < stands; s++)
				if (w->stand[s].va == w->watch[i].va)
					observe(&o, w->stand[s].table, w->stand[s].level,
						w->stand[s].above);
		}
}

/* The newest version of a word. */
static u64 *last(struct watched *w, u64 pa)
{
	unsigned frame = (unsigned)((pa - FIRST) / 4096), line = pa / 64 % 64;

	if (!is_table(w, pa) || pa % 8)
		abort();
	return &w->frame[frame].line[line].word[w->frame[frame].line[line].versions - 1]
					       [pa / 8 % 8];
}

static u64 w_read(void *ctx, struct pa pa) { return *last(ctx, pa.v); }

static void store(struct watched *w, u64 pa, u64 value)
{
	u64 *word = last(w, pa);
	struct line *l = &w->frame[(pa - FIRST) / 4096].line[pa / 64 % 64];

	w->stores++;
	if (w->by == SOME_DO_NOT_SNOOP) {
		if (l->versions == W_VERSIONS)
			abort();
		memcpy(l->word[l->versions], l->word[l->versions - 1], sizeof l->word[0]);
		l->versions++;
		word = last(w, pa);
	}
	*word = value;
	moment(w);
}

static void w_write(void *ctx, struct pa pa, u64 value) { store(ctx, pa.v, value); }

static u64 w_xchg(void *ctx, struct pa pa, u64 value)
{
	u64 old = *last(ctx, pa.v);

	store(ctx, pa.v, value);
	return old;
}

static void publish_line(struct watched *w, u64 frame, u64 line)
{
	struct line *l = &w->frame[frame].line[line];

	memmove(l->word[0], l->word[l->versions - 1], sizeof l->word[0]);
	l->versions = 1;
}

static void w_publish(void *ctx, struct pa pa, u64 bytes)
{
	struct watched *w = ctx;

	for (u64 at = pa.v & ~63ull; at < pa.v + bytes; at += 64)
		publish_line(w, (at - FIRST) / 4096, at / 64 % 64);
	moment(w);
}

/* Zero for the CPU; in memory there may still be what was there before. */
static struct pa w_alloc(void *ctx)
{
	struct watched *w = ctx;

	for (unsigned f = 0; f < W_FRAMES; f++) {
		if (w->frame[f].live)
			continue;
		w->frame[f].live = true;
		w->live++;
		for (unsigned l = 0; l < W_LINES; l++) {
			for (unsigned i = 0; i < 8; i++)
				w->frame[f].line[l].word[0][i] = GARBAGE;
			memset(w->frame[f].line[l].word[1], 0, 64);
			w->frame[f].line[l].versions = 2;
			if (w->by == ALL_SNOOP)
				publish_line(w, f, l);
		}
		moment(w);
		return (struct pa){ FIRST + f * 4096ull };
	}
	abort();
}

static void w_free(void *ctx, struct pa table)
{
	struct watched *w = ctx;

	last(w, table.v);
	w->frame[(table.v - FIRST) / 4096].live = false;
	w->live--;
	moment(w);
}

struct watched *watched_new(enum watched_by by)
{
	struct watched *w = calloc(1, sizeof *w);

	if (!w)
		abort();
	w->by = by;
	w->memory = (struct pt_memory){ w_read, w_write, w_xchg, w_alloc, w_free, NULL, w };
	if (by == SOME_DO_NOT_SNOOP)
		w->memory.publish = w_publish;
	w->root = w_alloc(w);
	w_publish(w, w->root, 4096);
	return w;
}

static void add(struct watched *w, struct watch watch)
{
	if (w->watches == W_WATCHES)
		abort();
	w->watch[w->watches++] = watch;
	moment(w);
}

void watch(struct watched *w, u64 va, u64 old, u64 new)
{
	add(w, (struct watch){ va, { old, new }, false });
}

void watch_always(struct watched *w, u64 va, u64 old, u64 new)
{
	add(w, (struct watch){ va, { old, new }, true });
}

void invalidate(struct watched *w) { w->stands = 0; }
void unwatch(struct watched *w) { w->watches = w->stands = 0; }

u64 translation(struct watched *w, u64 va)
{
	u64 table = w->root.v, rights = 6;

	for (unsigned level = 4;; level--) {
		u64 pte = *last(w, table + (va >> (3 + 9 * level) & 511) * 8);

		rights = (pte & rights & 6) | ((pte | rights) & 1ull << 63);
		if (!(pte & 1))
			return 0;
		if (level == 1 || (pte & 0x80)) {
			u64 offset = va & (size_of[level] - 1) & ~0xfffull;

			return ((pte & 0xffffffffff000 & ~(size_of[level] - 1)) + offset) | rights |
			       1;
		}
		table = pte & 0xffffffffff000;
	}
}
