#include "kernel/boot_info.h"
#include "kernel/inject.h"
#include "kernel/panic.h"
#include "kernel/print.h"
#include "mm/frame_pool.h"

/* Enough for every table and test; its metadata stays small on a machine of any size. */
#define POOL_MAX    (64ull << 20)
#define POOL_MIN    (2ull << 20)
#define POOL_BOTTOM (1ull << 20)
#define POOL_TOP \
	(4ull << 30) /* the boot tables' direct map; and CR3 of a starting CPU has 32 bits */

static struct frame_pool pool;

static const char *const kind_names[FRAME_KINDS] = { "free",  "kernel", "table", "stack",
						     "iommu", "dma",    "test" };

static struct boot_range usable(struct boot_range r)
{
	u64 from = r.base.v < POOL_BOTTOM ? POOL_BOTTOM : r.base.v;
	u64 to = r.base.v + r.size > POOL_TOP ? POOL_TOP : r.base.v + r.size;

	return (struct boot_range){ { from }, from < to ? to - from : 0 };
}

void frame_init(const struct boot_info *boot, u64 unused)
{
	struct boot_range best = { { 0 }, 0 };

	for (unsigned i = 0; i < boot->ranges; i++) {
		struct boot_range r = usable(boot->ram[i]);

		if (r.size > best.size)
			best = r;
	}
	if (best.size < POOL_MIN)
		panic("no 2 MiB of RAM in one piece between 1 MiB and 4 GiB: the largest of %u "
		      "ranges has %lu bytes",
		      boot->ranges, best.size);
	if (best.size >= POOL_MIN + unused) {
		best.base.v += unused;
		best.size -= unused;
	}
	if (best.size > POOL_MAX)
		best.size = POOL_MAX;
	frame_pool_init(&pool, best.base, direct(best.base), (u32)(best.size / PAGE_SIZE));
	note("frames pool=%#lx size=%lu KiB", best.base.v, best.size >> 10);
}

struct pa frame_alloc_order(enum frame_kind kind, unsigned order)
{
	u64 damaged = pool.damaged;
	struct pa pa = frame_pool_alloc(&pool, kind, order);

	if (!pa.v)
		panic("out of frames: %u more of kind %s, of %u", 1u << order, kind_names[kind],
		      pool.frames);
	if (pool.damaged != damaged)
		note("frame=%#lx was written while it was free", pa.v);
	return pa;
}

struct pa frame_alloc(enum frame_kind kind) { return frame_alloc_order(kind, 0); }

static struct frame *in_use(struct pa pa)
{
	struct frame *f = frame_pool_find(&pool, pa);

	if (!f)
		panic("frame %#lx is not in use", pa.v);
	return f;
}

void frame_get(struct pa pa) { in_use(pa)->refs++; }

void frame_put(struct pa pa)
{
	if (INJECTED_ONCE(LEAK))
		return;
	const char *misuse = frame_pool_put(&pool, pa);

	if (misuse)
		panic("put of frame %#lx, which %s", pa.v, misuse);
}

u64 frame_count(enum frame_kind kind) { return pool.used[kind]; }

u64 frame_poison_damage(void)
{
	u64 before = pool.damaged;

	frame_pool_check(&pool);
	if (pool.damaged != before)
		note("frames written while free: %lu, the last %#lx", pool.damaged - before,
		     pool.damage.v);
	return pool.damaged;
}
