#pragma once
#include "kernel/types.h"

/*
 * Messages of vhost-user (QEMU docs/interop/vhost-user.rst): a header, a payload, and up to eight file descriptors. One socket
 * is QEMU's, on which it asks; the other is for what a device asks of QEMU.
 */
enum {
	WIRE_VERSION = 1,    /* in flags */
	WIRE_REPLY = 4,      /* this is one */
	WIRE_NEED_REPLY = 8, /* a number is wanted, 0 if all is well */
	WIRE_REGIONS = 8,
	WIRE_FDS = 8,
};

struct wire_region {
	u64 physical, size, user,
		offset; /* user: QEMU's own address of it; offset: into the file */
};

enum { WIRE_IOTLB_MISS = 1, WIRE_IOTLB_UPDATE, WIRE_IOTLB_INVALIDATE };
enum { WIRE_READS = 1, WIRE_WRITES = 2 };

struct wire_iotlb {
	u64 iova, size, user;
	u8 permits, type, zero[6];
};

struct wire {
	u32 request, flags, size;
	union wire_payload {
		u64 number;
		struct {
			u32 index, number;
		} ring;
		struct {
			u32 index, flags;
			u64 descriptors, used, available, log;
		} address;
		struct {
			u32 regions, zero;
			struct wire_region region[WIRE_REGIONS];
		} memory;
		struct wire_iotlb iotlb;
	} p;
	int fd[WIRE_FDS]; /* -1 behind the last, and where somebody has taken one */
};

/* Ends the program with a sentence for its user. */
void fail(const char *sentence, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* The next message, which has begun to arrive; false if the other end is closed. What is no message ends the program. */
bool wire_receive(int socket, struct wire *m);
/* Its payload has m->size bytes. The program ends without a word if the other end is closed: QEMU may go when it likes. */
void wire_send(int socket, const struct wire *m);
/* The file descriptor of a message, once: the caller closes it. -1 if there is none. */
int wire_take(struct wire *m, unsigned i);
/* Closes those that nobody took. */
void wire_done(struct wire *m);
