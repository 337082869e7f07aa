#include "tools/ats/device.h"
#include <unistd.h>

/*
 * QEMU's side of vhost-user, hw/virtio/vhost-user.c there. With iommu_platform=on it demands both protocol features here
 * (vhost_user_backend_init), and then waits for an answer to each IOTLB message with its big lock held
 * (vhost_user_send_device_iotlb_msg): a guest's device-TLB invalidation is over, and the wait descriptor behind it comes, when it
 * is confirmed here. A translation request that is under way meanwhile is answered by QEMU's main loop after that, so
 * that messages have to be served while one waits for it.
 *
 * Which invalidations get here: vhost has a notifier of the kind DEVIOTLB_UNMAP if the guest has enabled ATS when it starts the device
 * (vhost.c, vhost_iommu_region_add), else of the kind UNMAP. intel_iommu.c sends the first for legacy device-TLB descriptors
 * (vtd_process_device_iotlb_desc); for PASID-based ones it does so at the address space of that PASID, where vhost does not
 * listen (vtd_process_device_piotlb_desc). IOTLB and PASID-based IOTLB descriptors are of the second.
 *
 * A translation is address_space_get_iotlb_entry(), the IOTLB or a walk like any access of a device without PASID. It is refused
 * by permission as asked, but an answer says that both are permitted: what was asked for is what is kept.
 */
#define FEATURES (1ull << ATS_FEATURE | 1ull << 30 | 1ull << 32 | 1ull << 33)
enum { REPLY_ACK = 1 << 3, BACKEND_REQ = 1 << 5 };

static void reply(struct device *d, struct wire *m, u32 size)
{
	struct wire answer = {
		.request = m->request, .flags = WIRE_VERSION | WIRE_REPLY, .size = size, .p = m->p
	};
	wire_send(d->socket, &answer);
}

static void number(struct device *d, struct wire *m, u64 value)
{
	m->p.number = value;
	reply(d, m, sizeof m->p.number);
}

void vhost_confirm(struct device *d)
{
	struct wire m = { .request = 22 };
	number(d, &m, 0);
}

static void get_features(struct device *d, struct wire *m) { number(d, m, FEATURES); }
static void get_protocol(struct device *d, struct wire *m)
{
	number(d, m, REPLY_ACK | BACKEND_REQ);
}
static void nothing(struct device *d, struct wire *m)
{
	(void)d;
	(void)m;
}

static void set_features(struct device *d, struct wire *m)
{
	if (m->p.number & ~FEATURES)
		fail("features 0x%llx were accepted that were not offered",
		     (unsigned long long)(m->p.number & ~FEATURES));
	d->features = m->p.number;
}

static void set_protocol(struct device *d, struct wire *m)
{
	(void)d;
	if (m->p.number & ~(u64)(REPLY_ACK | BACKEND_REQ))
		fail("protocol features 0x%llx were not offered", (unsigned long long)m->p.number);
}

static void replace(int *fd, int by)
{
	if (*fd >= 0)
		close(*fd);
	*fd = by;
}

static void set_back(struct device *d, struct wire *m)
{
	if (m->fd[0] < 0)
		fail("the channel for translation requests came without a file descriptor");
	replace(&d->back, wire_take(m, 0));
}

static void set_memory(struct device *d, struct wire *m) { memory_set(&d->memory, m); }

static void of_ring(u32 index)
{
	if (index)
		fail("there is one queue, and not queue %u", index);
}

static void set_size(struct device *d, struct wire *m)
{
	of_ring(m->p.ring.index);
	u32 size = m->p.ring.number;
	if (!size || size > 32768 || size & (size - 1))
		fail("a queue of %u descriptors", size);
	d->ring.size = size;
}

/* What was served, or is being asked for, is of a ring that is no more. */
static void anew(struct device *d)
{
	d->ring.broken = false;
	d->ring.resets++;
	device_reset(d);
}

/* After a start that QEMU has given up, because it found the used ring not mapped, there was no get_base(). */
static void set_base(struct device *d, struct wire *m)
{
	of_ring(m->p.ring.index);
	d->ring.next = (u16)m->p.ring.number;
	anew(d);
}

static void set_address(struct device *d, struct wire *m)
{
	of_ring(m->p.address.index);
	if (m->p.address.descriptors & 15 || m->p.address.available & 1 || m->p.address.used & 3)
		fail("a ring that is not aligned");
	d->ring.descriptors = m->p.address.descriptors;
	d->ring.available = m->p.address.available;
	d->ring.used = m->p.address.used;
}

/* Bits 7:0 are the queue, bit 8 says that there is no file descriptor. */
static void set_eventfd(struct wire *m, int *fd)
{
	of_ring(m->p.number & 0xff);
	replace(fd, m->p.number & 0x100 ? -1 : wire_take(m, 0));
}

static void set_kick(struct device *d, struct wire *m)
{
	set_eventfd(m, &d->ring.kick);
	if (d->ring.kick < 0)
		fail("a queue that cannot be kicked");
}

static void set_call(struct device *d, struct wire *m) { set_eventfd(m, &d->ring.call); }

static void set_enable(struct device *d, struct wire *m)
{
	of_ring(m->p.ring.index);
	d->ring.enabled = m->p.ring.number;
}

static void reset_owner(struct device *d, struct wire *m)
{
	(void)m;
	device_reset(d);
}

/* The end of the ring: the guest has reset the device, or goes. */
static void get_base(struct device *d, struct wire *m)
{
	of_ring(m->p.ring.index);
	m->p.ring.number = d->ring.next;
	replace(&d->ring.kick, -1);
	anew(d);
	reply(d, m, sizeof m->p.ring);
}

/* What nobody has asked for is QEMU's own idea, the used ring when the device starts, and is asked for when it is needed. */
static void update(struct device *d, const struct wire_iotlb *t, u64 last)
{
	if (!d->asked.now || d->asked.iova < t->iova || d->asked.iova > last)
		return;
	d->asked.answer = (struct tlb_entry){
		.first = t->iova, .last = last, .user = t->user, .writes = d->asked.write
	};
	d->asked.answered = true;
	d->asked.killed = false;
}

/* Returns whether it is over. */
static bool invalidate(struct device *d, u64 first, u64 last)
{
	u64 how = d->setting[ATS_CONFIRM], delay = d->setting[ATS_DELAY_US];
	d->counter[ATS_INVALIDATIONS]++;
	tlb_drop(&d->own, first, last);
	if (d->asked.now && d->asked.answered && tlb_touches(&d->asked.answer, first, last))
		d->asked.killed = true;
	posted_land_writes(&d->posted, &d->memory, first, last,
			   how == ATS_PROPER || how == ATS_LATE);
	if (!d->setting[ATS_LATE_ANSWERS])
		posted_kill_answers(&d->posted, first, last);
	if (how == ATS_EARLY)
		d->counter[ATS_DROPS] +=
			!!tlb_doom(&d->kept, first, last, delay ? now_us() + delay : TLB_HELD);
	else
		d->counter[ATS_DROPS] += !!tlb_drop(&d->kept, first, last);
	if (how != ATS_LATE)
		return true;
	d->confirm_us = now_us() + delay;
	return false;
}

static void iotlb(struct device *d, struct wire *m)
{
	const struct wire_iotlb *t = &m->p.iotlb;
	/* Everything has no size in 64 bits. */
	u64 last = t->size ? t->iova + t->size - 1 : ~0ull;
	if (last < t->iova)
		fail("an IOTLB message for 0x%llx bytes at 0x%llx", (unsigned long long)t->size,
		     (unsigned long long)t->iova);
	if (t->type == WIRE_IOTLB_UPDATE)
		update(d, t, last);
	else if (t->type != WIRE_IOTLB_INVALIDATE)
		fail("an IOTLB message of type %u", t->type);
	else if (!invalidate(d, t->iova, last)) {
		d->unconfirmed += !!(m->flags & WIRE_NEED_REPLY);
		return;
	}
	if (m->flags & WIRE_NEED_REPLY)
		number(d, m, 0);
}

/* What QEMU may say to a device with these features. Any size: the handler looks. Who answers does so in any case. */
enum { ANY_SIZE = 1, ANSWERS = 2 };
static const struct {
	void (*handle)(struct device *d, struct wire *m);
	u32 size, how;
} messages[] = {
	[1] = { get_features, 0, ANSWERS },
	[2] = { set_features, 8, 0 },
	[3] = { nothing, 0, 0 }, /* SET_OWNER */
	[4] = { reset_owner, 0, 0 },
	[5] = { set_memory, 0, ANY_SIZE },
	[8] = { set_size, 8, 0 },
	[9] = { set_address, 40, 0 },
	[10] = { set_base, 8, 0 },
	[11] = { get_base, 8, ANSWERS },
	[12] = { set_kick, 8, 0 },
	[13] = { set_call, 8, 0 },
	[14] = { nothing, 8, 0 }, /* SET_VRING_ERR */
	[15] = { get_protocol, 0, ANSWERS },
	[16] = { set_protocol, 8, 0 },
	[18] = { set_enable, 8, 0 },
	[21] = { set_back, 0, 0 },
	[22] = { iotlb, 32, ANSWERS },
};

void vhost_message(struct device *d, struct wire *m)
{
	if (m->request >= ARRAY_SIZE(messages) || !messages[m->request].handle)
		fail("message %u is not known", m->request);
	u32 how = messages[m->request].how;
	if (!(how & ANY_SIZE) && m->size != messages[m->request].size)
		fail("message %u has %u bytes and should have %u", m->request, m->size,
		     messages[m->request].size);
	bool wanted = m->flags & WIRE_NEED_REPLY;
	messages[m->request].handle(d, m);
	if (wanted && !(how & ANSWERS))
		number(d, m, 0);
}
