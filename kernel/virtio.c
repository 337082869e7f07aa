#include "kernel/virtio.h"
#include "kernel/mmio.h"
#include "kernel/print.h"
#include "kernel/time.h"
#include "kernel/virtio_regs.h"

/* No register says how long a reset may take. */
enum { RESET_MS = 1000 };

static bool unusable(const struct pci_function *fn, const char *why)
{
	note("pci=%04x:%02x:%02x.%x virtio device cannot be used: %s", fn->segment, fn->bus,
	     fn->dev, fn->fn, why);
	return false;
}

static bool map_place(const struct pci_function *fn, const struct virtio_place *p, u8 **bar)
{
	struct pci_window w;

	if (!pci_map_bar(fn, p->bar, &w))
		return false;
	*bar = w.at;
	return virtio_fits(p, w.size) || unusable(fn, "a structure does not fit its BAR");
}

bool virtio_map(struct virtio *v, const struct pci_function *fn)
{
	u8 config[VIRTIO_CONFIG_BYTES], *bar;

	*v = (struct virtio){ .fn = fn };
	for (unsigned i = 0; i < sizeof config; i++)
		config[i] = pci_read8(fn, i);
	const char *wrong = virtio_layout(config, &v->layout);
	if (wrong)
		return unusable(fn, wrong);
	if (!map_place(fn, &v->layout.common, &bar) ||
	    !map_place(fn, &v->layout.notify, &v->notify))
		return false;
	v->common = bar + v->layout.common.offset;
	if (v->layout.device.size) {
		if (!map_place(fn, &v->layout.device, &bar))
			return false;
		v->device = bar + v->layout.device.offset;
	}
	return true;
}

static u8 status(const struct virtio *v) { return mmio_read8(v->common + VIRTIO_STATUS); }

/* Status bits only ever go up, until a reset. */
static void say(const struct virtio *v, int bit)
{
	mmio_write8(v->common + VIRTIO_STATUS, (u8)(status(v) | mask(bit)));
}

bool virtio_reset(struct virtio *v)
{
	mmio_write8(v->common + VIRTIO_STATUS, 0);
	return until(RESET_MS, !status(v), "virtio device to be reset, status=%#x", status(v));
}

u64 virtio_offers(struct virtio *v)
{
	u64 offers = 0;

	say(v, VIRTIO_ACKNOWLEDGE);
	say(v, VIRTIO_DRIVER);
	for (u32 half = 0; half < 2; half++) {
		mmio_write32(v->common + VIRTIO_DEVICE_FEATURE_SELECT, half);
		offers |= (u64)mmio_read32(v->common + VIRTIO_DEVICE_FEATURE) << 32 * half;
	}
	return offers;
}

bool virtio_agree(struct virtio *v, u64 features)
{
	for (u32 half = 0; half < 2; half++) {
		mmio_write32(v->common + VIRTIO_DRIVER_FEATURE_SELECT, half);
		mmio_write32(v->common + VIRTIO_DRIVER_FEATURE, (u32)(features >> 32 * half));
	}
	say(v, VIRTIO_FEATURES_OK);
	return get(status(v), VIRTIO_FEATURES_OK) ||
	       unusable(v->fn, "it does not agree to its own features");
}

/* Selected already. */
static bool begin_queue(struct virtio *v, struct virtio_ring_memory *m, u64 address)
{
	u16 size = virtio_ring_size(mmio_read16(v->common + VIRTIO_QUEUE_SIZE));
	u64 doorbell;

	const char *wrong = virtio_doorbell(
		&v->layout, mmio_read16(v->common + VIRTIO_QUEUE_NOTIFY_OFF), &doorbell);
	if (!size)
		wrong = "its queue is too small";
	if (wrong)
		return unusable(v->fn, wrong);
	v->doorbell = v->notify + doorbell;
	virtio_ring_open(&v->ring, m, size);
	mmio_write16(v->common + VIRTIO_QUEUE_SIZE, size);
	mmio_write16(v->common + VIRTIO_QUEUE_VECTOR, VIRTIO_NO_VECTOR);
	mmio_write64_lo_hi(v->common + VIRTIO_QUEUE_DESC,
			   address + offsetof(struct virtio_ring_memory, desc));
	mmio_write64_lo_hi(v->common + VIRTIO_QUEUE_DRIVER,
			   address + offsetof(struct virtio_ring_memory, avail));
	mmio_write64_lo_hi(v->common + VIRTIO_QUEUE_DEVICE,
			   address + offsetof(struct virtio_ring_memory, used));
	mmio_write16(v->common + VIRTIO_QUEUE_ENABLE, 1);
	return true;
}

bool virtio_begin(struct virtio *v, struct virtio_ring_memory *m, u64 address)
{
	if (mmio_read16(v->common + VIRTIO_QUEUES) <= v->queue)
		return unusable(v->fn, "it has no such queue");
	mmio_write16(v->common + VIRTIO_CONFIG_VECTOR, VIRTIO_NO_VECTOR);
	mmio_write16(v->common + VIRTIO_QUEUE_SELECT, v->queue);
	if (!begin_queue(v, m, address))
		return false;
	pci_bus_master(v->fn, true);
	say(v, VIRTIO_DRIVER_OK);
	return true;
}

void virtio_offer(struct virtio *v, struct virtio_buffer reads, struct virtio_buffer writes)
{
	virtio_ring_offer(&v->ring, reads, writes);
	mmio_write16(v->doorbell, v->queue);
}

enum virtio_answer virtio_look(struct virtio *v) { return virtio_ring_look(&v->ring); }

void virtio_note_failure(const struct virtio *v)
{
	u8 says = status(v);

	note("pci=%04x:%02x:%02x.%x virtio status=%#x%s", v->fn->segment, v->fn->bus, v->fn->dev,
	     v->fn->fn, says, get(says, VIRTIO_NEEDS_RESET) ? ": it asks for a reset" : "");
}
