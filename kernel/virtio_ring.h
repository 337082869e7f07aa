#pragma once
#include "kernel/types.h"

/*
 * A split virtqueue (Virtio 1.2, 2.7) for one request at a time: a chain of what the device reads and what it writes. The
 * device sees memory at other addresses, and everything in it may change at any time. Pure.
 */
enum { VIRTIO_RING_MAX = 16 };

struct virtio_desc {
	u64 address;
	u32 length;
	u16 flags, next;
};
struct virtio_used {
	u32 id, length;
};
struct virtio_ring_memory {
	struct virtio_desc desc[VIRTIO_RING_MAX];
	struct {
		u16 flags, index, ring[VIRTIO_RING_MAX];
		u16 event;
	} avail;
	struct {
		u16 flags, index;
		struct virtio_used ring[VIRTIO_RING_MAX];
		u16 event;
	} used __attribute__((aligned(4)));
};
_Static_assert(sizeof(struct virtio_desc) == 16, "2.7.5");
_Static_assert(sizeof(struct virtio_used) == 8, "2.7.8");

struct virtio_ring {
	struct virtio_ring_memory *memory;
	u16 size; /* of the queue: a power of 2 */
	u16 offered, returned;
};

/* What a queue of at most `offered` entries gets, 0 if it cannot have the two of a chain. */
u16 virtio_ring_size(u16 offered);

/* An empty ring in zeroed memory, without interrupts. */
void virtio_ring_open(struct virtio_ring *r, struct virtio_ring_memory *m, u16 size);

struct virtio_buffer {
	u64 address; /* the device's */
	u32 length;
};
/* The one before has come back. The device may look as soon as this returns, but must be notified. */
void virtio_ring_offer(struct virtio_ring *r, struct virtio_buffer reads,
		       struct virtio_buffer writes);

/* Nothing yet; the chain, so that what the device wrote can be read; or what is not ours: the device is confused. */
enum virtio_answer { VIRTIO_NOT_YET, VIRTIO_RETURNED, VIRTIO_CONFUSED };
enum virtio_answer virtio_ring_look(struct virtio_ring *r);
