#pragma once
#include "kernel/bits.h"

/* Virtio 1.2 over PCI: 4.1.2 ids, 4.1.4 where its structures are, 4.1.4.3 the common one, 2.1 status, 6 features. */
enum {
	VIRTIO_VENDOR = 0x1af4,
	VIRTIO_DEVICE_MODERN = 0x1040 /* + type */,
	VIRTIO_NET = 1,
	VIRTIO_ENTROPY = 4
};

/* A capability of PCI_CAP_VENDOR, by byte; without the last in all but that of VIRTIO_NOTIFY. */
enum {
	VIRTIO_CAP_LENGTH = 2,
	VIRTIO_CAP_TYPE = 3,
	VIRTIO_CAP_BAR = 4,
	VIRTIO_CAP_OFFSET = 8, /* 32 bits */
	VIRTIO_CAP_SIZE = 12,  /* 32 */
	VIRTIO_CAP_END = 16,
	VIRTIO_CAP_MULTIPLIER = VIRTIO_CAP_END, /* 32 */
	VIRTIO_CAP_NOTIFY_END = 20,
};
enum virtio_structure { VIRTIO_COMMON = 1, VIRTIO_NOTIFY = 2, VIRTIO_DEVICE = 4 };

enum virtio_common {
	VIRTIO_DEVICE_FEATURE_SELECT = 0x00, /* 32 bits: which 32 of the next */
	VIRTIO_DEVICE_FEATURE = 0x04,        /* 32 */
	VIRTIO_DRIVER_FEATURE_SELECT = 0x08, /* 32 */
	VIRTIO_DRIVER_FEATURE = 0x0c,        /* 32 */
	VIRTIO_CONFIG_VECTOR = 0x10,         /* 16 */
	VIRTIO_QUEUES = 0x12,                /* 16 */
	VIRTIO_STATUS = 0x14,                /* 8 */
	VIRTIO_QUEUE_SELECT = 0x16,          /* 16: which queue the following are of */
	VIRTIO_QUEUE_SIZE = 0x18,            /* 16 */
	VIRTIO_QUEUE_VECTOR = 0x1a,          /* 16 */
	VIRTIO_QUEUE_ENABLE = 0x1c,          /* 16 */
	VIRTIO_QUEUE_NOTIFY_OFF = 0x1e,      /* 16: in units of the multiplier */
	VIRTIO_QUEUE_DESC = 0x20,            /* 64, written in halves */
	VIRTIO_QUEUE_DRIVER = 0x28,          /* 64, likewise */
	VIRTIO_QUEUE_DEVICE = 0x30,          /* 64, likewise */
	VIRTIO_COMMON_END = 0x38,
};
enum { VIRTIO_NO_VECTOR = 0xffff };

#define VIRTIO_STATUS_FIELDS(F)     \
	F(VIRTIO_ACKNOWLEDGE, 0, 0) \
	F(VIRTIO_DRIVER, 1, 1)      \
	F(VIRTIO_DRIVER_OK, 2, 2)   \
	F(VIRTIO_FEATURES_OK, 3, 3) \
	F(VIRTIO_NEEDS_RESET, 6, 6) \
	F(VIRTIO_FAILED, 7, 7)
#define VIRTIO_FEATURE_FIELDS(F)                                            \
	F(VIRTIO_F_VERSION_1, 32, 32)                                       \
	F(VIRTIO_F_ACCESS_PLATFORM, 33, 33) /* addresses are the IOMMU's */ \
	F(VIRTIO_F_SR_IOV, 37, 37)
#define VIRTIO_DESC_FIELDS(F)     \
	F(VIRTIO_DESC_NEXT, 0, 0) \
	F(VIRTIO_DESC_WRITE, 1, 1)
#define VIRTIO_AVAIL_FIELDS(F) F(VIRTIO_AVAIL_NO_INTERRUPT, 0, 0)

enum { VIRTIO_STATUS_FIELDS(AS_ENUM) };
enum { VIRTIO_FEATURE_FIELDS(AS_ENUM) };
enum { VIRTIO_DESC_FIELDS(AS_ENUM) };
enum { VIRTIO_AVAIL_FIELDS(AS_ENUM) };
