#pragma once
#include "kernel/pci.h"
#include "kernel/virtio_layout.h"
#include "kernel/virtio_ring.h"

/*
 * A virtio device of version 1 behind PCI, with one queue alone and without interrupts. In this order: map, reset,
 * agree, begin; offer and look; reset. One CPU at a time.
 */
struct virtio {
	const struct pci_function *fn;
	u8 *common, *device /* what its type has */, *doorbell;
	u16 queue; /* which; after map */
	struct virtio_layout layout;
	u8 *notify; /* BAR of the doorbells */
	struct virtio_ring ring;
};

/* Find the registers; false with a note when this device cannot be used. */
bool virtio_map(struct virtio *v, const struct pci_function *fn);

/* The device forgets all and does no DMA any more (2.4); false with a note when it does not follow. */
bool virtio_reset(struct virtio *v);

/* After a reset: what it offers, a set of features. */
u64 virtio_offers(struct virtio *v);
/* Of which it is to do these and no others; false with a note when it does not agree. */
bool virtio_agree(struct virtio *v, u64 features);

/*
 * The queue is in that memory, zeroed, which the device finds at `address`; then it may do DMA, and bus mastering is on.
 * False with a note.
 */
bool virtio_begin(struct virtio *v, struct virtio_ring_memory *m, u64 address);

/* One request; the one before has come back. */
void virtio_offer(struct virtio *v, struct virtio_buffer reads, struct virtio_buffer writes);

/* Has it come back? No register is read. */
enum virtio_answer virtio_look(struct virtio *v);

/* What the device says of itself, for one that did not answer. */
void virtio_note_failure(const struct virtio *v);
