#pragma once
#include "mm/frame.h"

/*
 * What frame.h does, on any memory: a stretch of frames whose first ones hold the metadata. Pure.
 * Functions that can be misused return NULL, or a sentence that says how.
 */
enum { FRAME_POISON = 0x5a };

struct frame {
	u32 refs, next; /* next: the frame freed after this one, 0 for none (frame 0 is metadata) */
	u8 kind;
};

struct frame_pool {
	struct pa base;
	u8 *memory; /* where base is mapped */
	struct frame *meta;
	u32 frames, fresh; /* frames from fresh on were never used, their metadata neither */
	/* The free list: the longest free is taken first, and shows damage best. While there are fresh
	 * frames, so many of the list rest: who still writes to a freed frame shall not hit its next user. */
	u32 oldest, newest, freed, rest;
	u64 used[FRAME_KINDS];
	u64 damaged;
	struct pa damage; /* the last frame that was found damaged */
};

void frame_pool_init(struct frame_pool *p, struct pa base, void *memory, u32 frames);

/* { 0 } if there is none. */
struct pa frame_pool_alloc(struct frame_pool *p, enum frame_kind kind, unsigned order);

/* The metadata of a frame in use, or NULL: not of this pool, or free. */
struct frame *frame_pool_find(const struct frame_pool *p, struct pa pa);

const char *frame_pool_put(struct frame_pool *p, struct pa pa);

/* Look at every free frame that was used before; what is damaged is counted and poisoned again. */
void frame_pool_check(struct frame_pool *p);
