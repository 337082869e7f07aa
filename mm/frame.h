#pragma once
#include "kernel/addr.h"

/*
 * Frames: 4 KiB of RAM, each of one kind, with a reference count. A freed frame is filled with
 * poison, and poison that changed while it was free is reported when it is taken again (somebody wrote
 * to it: a stale translation). Boot CPU or under the caller's own serialisation: no lock inside.
 */
enum frame_kind {
	FRAME_FREE,
	FRAME_KERNEL, /* the kernel's own data */
	FRAME_TABLE,  /* CPU page tables, shared with the IOMMU's first stage */
	FRAME_STACK,
	FRAME_IOMMU, /* root, context, PASID tables, queues */
	FRAME_DMA,   /* an engine's rings */
	FRAME_TEST,  /* what a scenario's places point to */
	FRAME_KINDS
};

struct boot_info;

/*
 * Choose the pool: one stretch of at most 64 MiB of the largest range of RAM above 1 MiB and below
 * 4 GiB (mapped at DIRECT_MAP since the first instruction). Panics when there is none of 2 MiB. Boot CPU, once.
 * unused: so many bytes of that range, whole pages, are left alone if there is room.
 */
void frame_init(const struct boot_info *boot, u64 unused);

/* One zeroed frame with one reference; panics when no frame is left. */
struct pa frame_alloc(enum frame_kind kind);
/* 1 << order frames, contiguous and aligned to their size, one reference each. At bring-up: it takes
 * only from frames that were never used. */
struct pa frame_alloc_order(enum frame_kind kind, unsigned order);
/* One more reference. Panics on a frame that is free. */
void frame_get(struct pa pa);
/* Drop a reference; the last one poisons and frees. Panics on a frame that is free already. */
void frame_put(struct pa pa);
/* Frames of a kind in use: compared before and after a test, the difference is a leak. */
u64 frame_count(enum frame_kind kind);

/*
 * How many frames were written while free, up to now: those that were taken again and, checked here,
 * those that are still free. Each is told in a note and counted once.
 */
u64 frame_poison_damage(void);
