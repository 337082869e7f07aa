#include "tools/ats/device.h"
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

/* A split ring (virtio 1.3, 2.7) in the guest's memory, by addresses that the IOMMU translates. */
struct descriptor {
	u64 iova;
	u32 size;
	u16 flags, next;
};
enum { NEXT = 1, WRITES = 2, INDIRECT = 4, NO_INTERRUPT = 1, PAGE = 4096 };

static bool gone(const struct device *d) { return d->ring.serving != d->ring.resets; }

/* Left alone until the driver resets the device: what a driver does wrong is no reason to end. */
static bool broken(struct device *d, const char *why)
{
	if (gone(d))
		return false;
	fprintf(stderr, "ats: the ring is left alone: %s\n", why);
	d->ring.broken = true;
	return false;
}

/* Where these bytes are; NULL if they are in two pages, are not mapped for the device, or are no RAM, or the ring is gone. */
static void *own(struct device *d, u64 iova, u32 size, bool write)
{
	const struct tlb_entry *e;
	if (iova % PAGE + size > PAGE)
		return NULL;
	for (unsigned tries = 0; !(e = tlb_find(&d->own, iova, write)); tries++) {
		struct tlb_entry answer;
		d->counter[ATS_ASKED_OWN]++;
		enum device_answer a =
			tries == 16 ? DEVICE_REFUSED : device_ask(d, iova, write, &answer);
		if (gone(d) || a == DEVICE_REFUSED ||
		    (a == DEVICE_GRANTED && !tlb_add(&d->own, &answer)))
			return NULL;
	}
	return memory_at(&d->memory, e->user + (iova - e->first), size, NULL);
}

static bool copy_in(struct device *d, void *to, u64 iova, u32 size)
{
	const void *from = own(d, iova, size, false);
	if (from)
		memcpy(to, from, size);
	return from;
}

static bool copy_out(struct device *d, u64 iova, const void *from, u32 size)
{
	void *to = own(d, iova, size, true);
	if (to)
		memcpy(to, from, size);
	return to;
}

/* A driver of entropy devices, in firmware say, asks with one descriptor to be filled. */
static bool entropy(struct device *d, const struct descriptor *to, u32 *length)
{
	u8 bytes[256];
	u32 size = to->size, in_page = (u32)(PAGE - to->iova % PAGE);
	if (size > in_page)
		size = in_page;
	if (size > sizeof bytes)
		size = sizeof bytes;
	if (getrandom(bytes, size, 0) != (ssize_t)size || !copy_out(d, to->iova, bytes, size))
		return broken(d, "a buffer is not mapped for the device");
	*length = size;
	return true;
}

static bool request(struct device *d, const struct descriptor *from, const struct descriptor *to,
		    u32 *length)
{
	struct ats_request q;
	if (from->size != sizeof q || to->size != sizeof(struct ats_result))
		return broken(d, "a request or its result has not its size");
	if (!copy_in(d, &q, from->iova, sizeof q))
		return broken(d, "a request is not mapped for the device");
	struct ats_result r = command_serve(d, &q);
	/* A driver that has reset the device meanwhile has other memory. */
	if (gone(d))
		return false;
	if (!copy_out(d, to->iova, &r, sizeof r))
		return broken(d, "a result is not mapped for the device");
	*length = sizeof r;
	return true;
}

static bool chain(struct device *d, u16 head, u32 *length)
{
	struct descriptor c[2];
	unsigned n = 0;
	for (u16 i = head;; i = c[n++].next) {
		if (i >= d->ring.size)
			return broken(d, "a descriptor's index is too large");
		if (n == ARRAY_SIZE(c))
			return broken(d, "a chain is longer than any request");
		if (!copy_in(d, &c[n], d->ring.descriptors + i * sizeof *c, sizeof *c))
			return broken(d, "a descriptor is not mapped for the device");
		if (c[n].flags & INDIRECT)
			return broken(d, "a descriptor is indirect, which was not offered");
		if (!(c[n].flags & NEXT))
			break;
	}
	bool ours = d->features >> ATS_FEATURE & 1;
	if (ours && n == 1 && !(c[0].flags & WRITES) && c[1].flags & WRITES)
		return request(d, &c[0], &c[1], length);
	if (!ours && n == 0 && c[0].flags & WRITES)
		return entropy(d, &c[0], length);
	return broken(d, "a chain is no request");
}

/* Its element first, then the index that tells the driver. */
static bool publish(struct device *d, u16 head, u32 length)
{
	u16 *index = own(d, d->ring.used + 2, sizeof *index, true);
	if (!index)
		return broken(d, "the used ring is not mapped for the device");
	u16 at = *index;
	u64 element = d->ring.used + 4 + 8ull * (at & (d->ring.size - 1));
	u32 id = head;
	if (!copy_out(d, element, &id, sizeof id) ||
	    !copy_out(d, element + 4, &length, sizeof length) ||
	    !(index = own(d, d->ring.used + 2, sizeof *index, true)))
		return broken(d, "the used ring is not mapped for the device");
	__atomic_store_n(index, (u16)(at + 1), __ATOMIC_RELEASE);
	const u16 *flags = own(d, d->ring.available, sizeof *flags, false);
	if (flags && !(__atomic_load_n(flags, __ATOMIC_SEQ_CST) & NO_INTERRUPT) &&
	    d->ring.call >= 0) {
		u64 one = 1;
		return write(d->ring.call, &one, sizeof one) == sizeof one;
	}
	return true;
}

static bool next(struct device *d)
{
	u16 head;
	u32 length = 0;
	d->ring.serving = d->ring.resets;
	if (d->ring.kick < 0 || !d->ring.enabled || d->ring.broken || !d->ring.size)
		return false;
	if (!(d->features >> 33 & 1))
		return broken(d, "the driver has not accepted ACCESS_PLATFORM");
	/* Not mapped: nothing is asked. QEMU kicks of itself, also where it finds that it cannot start the device. */
	const u16 *index = own(d, d->ring.available + 2, sizeof *index, false);
	if (!index)
		return false;
	u16 ahead = (u16)(__atomic_load_n(index, __ATOMIC_ACQUIRE) - d->ring.next);
	if (!ahead)
		return false;
	if (ahead > d->ring.size)
		return broken(d, "the available ring's index is too large");
	if (!copy_in(d, &head, d->ring.available + 4 + 2ull * (d->ring.next & (d->ring.size - 1)),
		     sizeof head))
		return broken(d, "the available ring is not mapped for the device");
	d->ring.next++;
	return chain(d, head, &length) && publish(d, head, length);
}

void ring_serve(struct device *d)
{
	while (next(d))
		;
}
