/* Pure: a split virtqueue, one request at a time. */
#include "kernel/virtio_ring.h"
#include "kernel/bits.h"
#include "kernel/virtio_regs.h"

enum { READS, WRITES, CHAIN };

u16 virtio_ring_size(u16 offered)
{
	u16 size = VIRTIO_RING_MAX;

	while (size > offered)
		size /= 2;
	return size < CHAIN ? 0 : size;
}

void virtio_ring_open(struct virtio_ring *r, struct virtio_ring_memory *m, u16 size)
{
	*r = (struct virtio_ring){ .memory = m, .size = size };
	m->avail.flags = (u16)mask(VIRTIO_AVAIL_NO_INTERRUPT);
}

/* The index last: the device reads the rest when it sees that (2.7.13.3). */
void virtio_ring_offer(struct virtio_ring *r, struct virtio_buffer reads,
		       struct virtio_buffer writes)
{
	struct virtio_ring_memory *m = r->memory;

	m->desc[READS] = (struct virtio_desc){ reads.address, reads.length,
					       (u16)mask(VIRTIO_DESC_NEXT), WRITES };
	m->desc[WRITES] = (struct virtio_desc){ writes.address, writes.length,
						(u16)mask(VIRTIO_DESC_WRITE), 0 };
	m->avail.ring[r->offered % r->size] = READS;
	__atomic_store_n(&m->avail.index, ++r->offered, __ATOMIC_RELEASE);
}

enum virtio_answer virtio_ring_look(struct virtio_ring *r)
{
	const struct virtio_ring_memory *m = r->memory;
	u16 index = __atomic_load_n(&m->used.index, __ATOMIC_ACQUIRE);

	if (index == r->returned)
		return VIRTIO_NOT_YET;
	const volatile struct virtio_used *used = &m->used.ring[r->returned % r->size];
	if (index != r->offered || used->id != READS)
		return VIRTIO_CONFUSED;
	r->returned = index;
	return VIRTIO_RETURNED;
}
