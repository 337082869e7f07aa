#pragma once
#include "kernel/ats_device.h"
#include "tools/ats/memory.h"
#include "tools/ats/posted.h"
#include "tools/ats/tlb.h"

/* All of the device. One thread: what it waits for, it waits for in device_serve(), so that QEMU is never kept waiting. */
struct ring {
	u32 size;
	u16 next; /* index of the available ring that is not served yet */
	u64 descriptors, available, used;
	int kick, call; /* eventfds; -1 for none */
	bool enabled, broken;
	unsigned resets, serving; /* differ while what is served is of a ring that is no more */
};

struct device {
	int socket, back; /* QEMU's, and for what is asked of QEMU; -1 until QEMU has sent it */
	u64 features;
	struct memory memory;
	struct ring ring;
	struct tlb kept, own; /* for requests' accesses; for rings, requests and results */
	u64 setting[ATS_SETTINGS];
	u64 counter[ATS_COUNTERS];
	struct posted posted;
	/* A translation that is being asked for; QEMU answers by a message of its own, and may take it back at once. */
	struct {
		bool now, write, answered, killed;
		u64 iova;
		struct tlb_entry answer;
	} asked;
	/* Invalidations that QEMU waits for to be confirmed, and when. */
	unsigned unconfirmed;
	u64 confirm_us;
};

u64 now_us(void);

/*
 * Messages of QEMU and what is due by time, until there is something else to do, or until until_us. With what it returned
 * for: a message on `back`, the ring's eventfd, time.
 */
enum device_event { DEVICE_BACK, DEVICE_KICK, DEVICE_TIME };
enum device_event device_serve(struct device *d, enum device_event wanted, u64 until_us);

/* A message of QEMU (vhost.c). */
void vhost_message(struct device *d, struct wire *m);
/* Tells QEMU that an invalidation is done. */
void vhost_confirm(struct device *d);
/* As after the start; counters and connections stay. */
void device_reset(struct device *d);

/*
 * Asks QEMU for the translation of iova. DEVICE_KILLED: it was granted, and by the time it came here an invalidation had taken it back.
 */
enum device_answer { DEVICE_REFUSED, DEVICE_GRANTED, DEVICE_KILLED };
enum device_answer device_ask(struct device *d, u64 iova, bool write, struct tlb_entry *answer);

/* The ring (ring.c): serve all that is available. */
void ring_serve(struct device *d);

/* A request (command.c). */
struct ats_result command_serve(struct device *d, const struct ats_request *q);
