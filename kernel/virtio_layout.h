#pragma once
#include "kernel/types.h"

/* Where a virtio PCI device says that its structures are (Virtio 1.2, 4.1.4). Pure. */
struct virtio_place {
	u8 bar;
	u32 offset, size;
};
struct virtio_layout {
	struct virtio_place common, notify, device; /* the last may be missing: size 0 */
	u32 multiplier; /* bytes between the doorbells of two queues; 0: they share one */
};
enum { VIRTIO_CONFIG_BYTES = 256 };

/*
 * From the first 256 bytes of configuration space. NULL, or a sentence about what is wrong: then nothing of the
 * layout must be used. Several structures of a kind: the first that is in a BAR.
 */
const char *virtio_layout(const u8 config[VIRTIO_CONFIG_BYTES], struct virtio_layout *out);

/* Is it all in a BAR of so many bytes? */
bool virtio_fits(const struct virtio_place *p, u64 bar_size);

/* Where in the BAR the doorbell of a queue is, from the queue's own number for that; a sentence if it is outside. */
const char *virtio_doorbell(const struct virtio_layout *l, u16 notify_off, u64 *at);
