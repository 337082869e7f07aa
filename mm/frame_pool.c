/* Pure: a pool of frames. */
#include "mm/frame_pool.h"
#include "kernel/string.h"

static u64 *contents(const struct frame_pool *p, u32 index)
{
	return (u64 *)(void *)(p->memory + index * PAGE_SIZE);
}

static struct pa address(const struct frame_pool *p, u32 index)
{
	return (struct pa){ p->base.v + index * PAGE_SIZE };
}

static void append(struct frame_pool *p, u32 index)
{
	p->meta[index] = (struct frame){ .kind = FRAME_FREE };
	if (p->newest)
		p->meta[p->newest].next = index;
	else
		p->oldest = index;
	p->newest = index;
}

static void poison_and_free(struct frame_pool *p, u32 index)
{
	memset(contents(p, index), FRAME_POISON, PAGE_SIZE);
	append(p, index);
	p->freed++;
}

static bool poisoned(const struct frame_pool *p, u32 index)
{
	const u64 *words = contents(p, index), *end = words + PAGE_SIZE / sizeof *words;
	u64 poison, other = 0;

	memset(&poison, FRAME_POISON, sizeof poison);
	/* Four at a time: every test takes frames, and this is a fifth of what the boot CPU does. */
	for (; words != end && !other; words += 4)
		other = (words[0] ^ poison) | (words[1] ^ poison) | (words[2] ^ poison) |
			(words[3] ^ poison);
	return !other;
}

static void check(struct frame_pool *p, u32 index)
{
	if (poisoned(p, index))
		return;
	p->damaged++;
	p->damage = address(p, index);
	memset(contents(p, index), FRAME_POISON, PAGE_SIZE);
}

static void take(struct frame_pool *p, u32 index, enum frame_kind kind)
{
	memset(contents(p, index), 0, PAGE_SIZE);
	p->meta[index] = (struct frame){ .refs = 1, .kind = (u8)kind };
	p->used[kind]++;
}

void frame_pool_init(struct frame_pool *p, struct pa base, void *memory, u32 frames)
{
	u32 own = (u32)((frames * sizeof(struct frame) + PAGE_SIZE - 1) / PAGE_SIZE);

	*p = (struct frame_pool){ .base = base,
				  .memory = memory,
				  .meta = memory,
				  .frames = frames,
				  .fresh = own,
				  .rest = frames / 256 };
	for (u32 i = 0; i < own; i++)
		p->meta[i] = (struct frame){ .refs = 1, .kind = FRAME_KERNEL };
	p->used[FRAME_KERNEL] = own;
}

static struct pa alloc_fresh(struct frame_pool *p, enum frame_kind kind, unsigned order)
{
	u32 count = 1u << order;
	u32 behind = (u32)(address(p, p->fresh).v / PAGE_SIZE) & (count - 1);
	u32 first = p->fresh + (behind ? count - behind : 0);

	if (first >= p->frames || p->frames - first < count)
		return (struct pa){ 0 };
	while (p->fresh < first)
		poison_and_free(p, p->fresh++);
	while (p->fresh < first + count)
		take(p, p->fresh++, kind);
	return address(p, first);
}

/* Aligned frames that are free, all of them; the first, or 0. */
static u32 free_run(const struct frame_pool *p, u32 count)
{
	u32 first = (u32) - (p->base.v / PAGE_SIZE) & (count - 1), n;

	for (; first + count <= p->fresh; first += count) {
		for (n = 0; n < count && p->meta[first + n].kind == FRAME_FREE; n++)
			;
		if (n == count)
			return first;
	}
	return 0;
}

/* Several in one piece, when there are no fresh ones: out of the list, which keeps its order. */
static struct pa alloc_again(struct frame_pool *p, enum frame_kind kind, unsigned order)
{
	u32 count = 1u << order, first = free_run(p, count), next = p->oldest;

	if (!first)
		return (struct pa){ 0 };
	p->oldest = p->newest = 0;
	for (u32 index = next; index; index = next) {
		next = p->meta[index].next;
		if (index - first < count)
			check(p, index);
		else
			append(p, index);
	}
	p->freed -= count;
	for (u32 i = 0; i < count; i++)
		take(p, first + i, kind);
	return address(p, first);
}

struct pa frame_pool_alloc(struct frame_pool *p, enum frame_kind kind, unsigned order)
{
	u32 index = p->oldest;

	if (order || !index || (p->freed <= p->rest && p->fresh < p->frames)) {
		struct pa fresh = alloc_fresh(p, kind, order);

		return fresh.v ? fresh : alloc_again(p, kind, order);
	}
	check(p, index);
	p->oldest = p->meta[index].next;
	if (!p->oldest)
		p->newest = 0;
	p->freed--;
	take(p, index, kind);
	return address(p, index);
}

struct frame *frame_pool_find(const struct frame_pool *p, struct pa pa)
{
	u64 index = (pa.v - p->base.v) / PAGE_SIZE;

	if (pa.v < p->base.v || index >= p->fresh || p->meta[index].kind == FRAME_FREE)
		return NULL;
	return &p->meta[index];
}

const char *frame_pool_put(struct frame_pool *p, struct pa pa)
{
	struct frame *f = frame_pool_find(p, pa);

	if (pa.v < p->base.v || (pa.v - p->base.v) / PAGE_SIZE >= p->frames)
		return "is not of the pool";
	if (!f)
		return "is free already";
	if (pa.v % PAGE_SIZE)
		return "is not a whole frame";
	if (--f->refs == 0) {
		p->used[f->kind]--;
		poison_and_free(p, (u32)(f - p->meta));
	}
	return NULL;
}

void frame_pool_check(struct frame_pool *p)
{
	for (u32 index = p->oldest; index; index = p->meta[index].next)
		check(p, index);
}
