#pragma once
#include "kernel/types.h"

/*
 * What the device with a device TLB understands: tools/ats/, a program on the build machine that stands behind a
 * vhost-user-rng-pci of QEMU, and the engine that drives it from inside. A request is a chain of two descriptors,
 * struct ats_request for the device to read and struct ats_result for it to write. Each is aligned to 8 bytes
 * and crosses no page.
 *
 * The device keeps a translation until it is told to drop it. Translations of rings, requests and results it keeps
 * apart, asks for again when they are gone, and counts apart.
 */

/* A virtio feature for devices of this type; who has it is ours, and serves requests once it was accepted. */
enum { ATS_FEATURE = 17 };

enum ats_command {
	/* 8 bytes at iova; without a translation that permits it: asks for one, and keeps it */
	ATS_READ = 1,
	ATS_WRITE, /* value to iova, in the same way */
	ATS_TRANSLATE, /* asks for a translation and keeps it, in place of one it has; ATS_FOR_WRITING */
	ATS_READ_KEPT,  /* with a translation that it has, else ATS_BLOCKED; never asks */
	ATS_WRITE_KEPT, /* likewise */
	ATS_LAND,       /* everything posted happens now, in its order */
	ATS_FORGET, /* drops what it has for the page of iova; ATS_ALL: all, and what is posted never happens */
	ATS_COUNT,   /* value of the counter iova, enum ats_counter */
	ATS_SET,     /* the setting iova, enum ats_setting, becomes value */
	ATS_RELEASE, /* drops now what ATS_EARLY has not dropped yet */
};

/*
 * Posted, a write is done when its translation is chosen, and lands later; a translation is done when the IOMMU has answered, and gets into
 * the device TLB later: at ATS_LAND, or when an invalidation wants it out of the way.
 */
enum ats_flags { ATS_FOR_WRITING = 1, ATS_POSTED = 2 };

#define ATS_ALL (~0ull)

enum ats_status {
	ATS_DONE = 1, /* 0 is never written */
	ATS_BLOCKED,  /* no translation, or it does not permit this */
	ATS_BAD,      /* no such command, counter or setting; or iova is no multiple of 8 */
	ATS_IMPOSSIBLE, /* translated to what is no RAM that the device can reach, or no room to keep or post it */
};

struct ats_request {
	u32 command, flags;
	u64 iova;
	u64 value;
	u64 tag;
};

struct ats_result {
	u32 status, zero;
	u64 value;
	u64 address; /* physical, of iova by the translation that was used or asked for; else 0 */
	u64 tag;     /* the request's */
};

enum ats_counter {
	ATS_KEPT,          /* translations that it has now */
	ATS_INVALIDATIONS, /* that it was told */
	ATS_DROPS,         /* those of them that met a translation */
	ATS_ASKED,         /* translations asked for */
	ATS_REFUSED,       /* those of them that it did not get */
	ATS_ASKED_OWN,     /* for rings, requests and results */
	ATS_READS,
	ATS_WRITES,
	ATS_HELD, /* translations that an invalidation was confirmed for and that are there still */
	ATS_PENDING, /* what is posted and has not happened */
	ATS_COUNTERS,
};

/* All 0 after a reset of the device, counters are not. */
enum ats_setting {
	ATS_CONFIRM,      /* enum ats_confirm: what is done when told to drop */
	ATS_DELAY_US,     /* for it, up to ATS_DELAY_MAX_US */
	ATS_LATE_ANSWERS, /* 1: a posted translation is kept even if an invalidation came before it */
	ATS_SETTINGS,
};

enum ats_confirm {
	ATS_PROPER, /* lands writes that used it, drops, then confirms */
	ATS_UNDRAINED, /* drops and confirms; posted writes land when they like, or when it is told again */
	ATS_EARLY, /* as that, but drops after ATS_DELAY_US, or if that is 0 at ATS_RELEASE */
	ATS_LATE,  /* as ATS_PROPER, but confirms after ATS_DELAY_US; all of QEMU waits */
	ATS_CONFIRMS,
};
enum { ATS_DELAY_MAX_US = 1000000 };
