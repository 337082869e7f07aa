/* Pure: where a virtio PCI device says that its structures are. */
#include "kernel/virtio_layout.h"
#include "kernel/bits.h"
#include "kernel/pci_regs.h"
#include "kernel/virtio_regs.h"

enum { BARS = 6, FIRST_CAP = 0x40, DOORBELL_BYTES = 2 };

static u32 read32(const u8 *p) { return p[0] | (u32)p[1] << 8 | (u32)p[2] << 16 | (u32)p[3] << 24; }

/* What one capability says; a structure in no BAR, or of a kind that we do not need, is to be ignored (4.1.4.1). */
static const char *take(const u8 *cap, unsigned room, struct virtio_layout *out)
{
	unsigned type = cap[VIRTIO_CAP_TYPE];
	unsigned end = type == VIRTIO_NOTIFY ? VIRTIO_CAP_NOTIFY_END : VIRTIO_CAP_END;
	struct virtio_place *p = type == VIRTIO_COMMON   ? &out->common
				 : type == VIRTIO_NOTIFY ? &out->notify
				 : type == VIRTIO_DEVICE ? &out->device
							 : NULL;

	if (!p || p->size)
		return NULL;
	if (cap[VIRTIO_CAP_LENGTH] < end || end > room)
		return "a capability is too short for what it is";
	if (cap[VIRTIO_CAP_BAR] >= BARS)
		return NULL;
	*p = (struct virtio_place){ cap[VIRTIO_CAP_BAR], read32(cap + VIRTIO_CAP_OFFSET),
				    read32(cap + VIRTIO_CAP_SIZE) };
	if (type == VIRTIO_NOTIFY)
		out->multiplier = read32(cap + VIRTIO_CAP_MULTIPLIER);
	return NULL;
}

/* What must hold of both (4.1.4.3.1, 4.1.4.4.1). */
static const char *check(const struct virtio_layout *l)
{
	if (!l->common.size)
		return "no common configuration structure";
	if (!l->notify.size)
		return "no notification structure";
	if (l->common.size < VIRTIO_COMMON_END)
		return "the common configuration structure is too short";
	if (l->common.offset % sizeof(u32))
		return "the common configuration structure is not aligned";
	if (l->notify.offset % DOORBELL_BYTES || l->notify.size < DOORBELL_BYTES)
		return "the notification structure is too short, or not aligned";
	if (l->multiplier & (l->multiplier - 1) || l->multiplier == 1)
		return "the notification multiplier is no even power of 2";
	return NULL;
}

const char *virtio_layout(const u8 config[VIRTIO_CONFIG_BYTES], struct virtio_layout *out)
{
	unsigned at = config[PCI_CAPABILITIES] & ~3u, n = 0;

	*out = (struct virtio_layout){ 0 };
	for (; at >= FIRST_CAP; at = config[at + 1] & ~3u) {
		const char *wrong = NULL;

		if (++n > (VIRTIO_CONFIG_BYTES - FIRST_CAP) / sizeof(u32))
			return "the list of capabilities has no end";
		if (config[at] == PCI_CAP_VENDOR)
			wrong = take(config + at, VIRTIO_CONFIG_BYTES - at, out);
		if (wrong)
			return wrong;
	}
	return check(out);
}

bool virtio_fits(const struct virtio_place *p, u64 bar_size)
{
	return (u64)p->offset + p->size <= bar_size;
}

const char *virtio_doorbell(const struct virtio_layout *l, u16 notify_off, u64 *at)
{
	u64 inside = (u64)notify_off * l->multiplier;

	if (inside + DOORBELL_BYTES > l->notify.size)
		return "the queue's doorbell is outside of the notification structure";
	*at = l->notify.offset + inside;
	return NULL;
}
