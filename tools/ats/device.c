#include "tools/ats/device.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ANSWER_MAX_US = 60000000 };

u64 now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (u64)t.tv_sec * 1000000 + (u64)t.tv_nsec / 1000;
}

/* Does what is due; returns when there is more. */
static u64 due(struct device *d)
{
	u64 now = now_us();
	u64 next = tlb_expire(&d->kept, now);
	if (!d->unconfirmed)
		return next;
	if (d->confirm_us > now)
		return d->confirm_us < next ? d->confirm_us : next;
	for (; d->unconfirmed; d->unconfirmed--)
		vhost_confirm(d);
	return next;
}

static void message(struct device *d)
{
	struct wire m;
	if (!wire_receive(d->socket, &m))
		exit(0);
	vhost_message(d, &m);
	wire_done(&m);
}

enum device_event device_serve(struct device *d, enum device_event wanted, u64 until_us)
{
	for (;;) {
		u64 next = due(d), now = now_us();
		if (now >= until_us)
			return DEVICE_TIME;
		if (until_us < next)
			next = until_us;
		int other = wanted == DEVICE_BACK   ? d->back
			    : wanted == DEVICE_KICK ? d->ring.kick
						    : -1;
		struct pollfd fds[] = { { .fd = d->socket, .events = POLLIN },
					{ .fd = other, .events = POLLIN } };
		u64 ns = (next - now) * 1000;
		struct timespec wait = { .tv_sec = (time_t)(ns / 1000000000),
					 .tv_nsec = (long)(ns % 1000000000) };
		int n = ppoll(fds, 2, next == ~0ull ? NULL : &wait, NULL);
		if (n < 0 && errno != EINTR)
			fail("poll: %s", strerror(errno));
		if (n <= 0)
			continue;
		/* Messages first: what QEMU says before it answers or kicks comes before that. */
		if (fds[0].revents)
			message(d);
		else if (fds[1].revents)
			return wanted;
	}
}

void device_reset(struct device *d)
{
	tlb_drop(&d->kept, 0, ~0ull);
	tlb_drop(&d->own, 0, ~0ull);
	d->posted.count = 0;
	/* An answer that is under way is nobody's. */
	d->asked.now = false;
	d->asked.killed = true;
	memset(d->setting, 0, sizeof d->setting);
}

enum device_answer device_ask(struct device *d, u64 iova, bool write, struct tlb_entry *answer)
{
	if (d->back < 0)
		fail("QEMU has opened no channel for translation requests");
	d->asked.now = true;
	d->asked.iova = iova;
	d->asked.write = write;
	d->asked.answered = d->asked.killed = false;
	struct wire m = { .request = 1,
			  .flags = WIRE_VERSION | WIRE_NEED_REPLY,
			  .size = sizeof m.p.iotlb,
			  .p.iotlb = { .iova = iova & ~0xfffull,
				       .permits = write ? WIRE_WRITES : WIRE_READS,
				       .type = WIRE_IOTLB_MISS } };
	wire_send(d->back, &m);
	if (device_serve(d, DEVICE_BACK, now_us() + ANSWER_MAX_US) != DEVICE_BACK)
		fail("QEMU has not answered a translation request within 60 s");
	if (!wire_receive(d->back, &m))
		exit(0);
	wire_done(&m);
	if (m.request != 1 || !(m.flags & WIRE_REPLY) || m.size != sizeof m.p.number)
		fail("message %u of %u bytes is no answer to a translation request", m.request,
		     m.size);
	d->asked.now = false;
	*answer = d->asked.answer;
	return !d->asked.answered ? DEVICE_REFUSED
	       : d->asked.killed  ? DEVICE_KILLED
				  : DEVICE_GRANTED;
}
