#pragma once
#include "kernel/bits.h"

/* Configuration space header (PCI Express Base Specification 7.5.1). */
enum {
	PCI_ID = 0x00,
	PCI_COMMAND = 0x04, /* 16 bits: the other half, the status, is write-1-to-clear */
	PCI_STATUS = 0x06,
	PCI_CLASS = 0x08,
	PCI_HEADER = 0x0e,
	PCI_BAR0 = 0x10,
	PCI_BUSES = 0x18,  /* type 1 */
	PCI_MEMORY = 0x20, /* type 1 */
	PCI_CAPABILITIES = 0x34,
};
/* 7.5.1.1.1, 7.5.1.1.3, 7.5.1.1.4, 7.5.1.1.6, 7.5.1.1.9 */
#define PCI_HEADER_FIELDS(F)             \
	F(PCI_ID_VENDOR, 15, 0)          \
	F(PCI_ID_DEVICE, 31, 16)         \
	F(PCI_COMMAND_MEMORY, 1, 1)      \
	F(PCI_COMMAND_MASTER, 2, 2)      \
	F(PCI_COMMAND_INTX_OFF, 10, 10)  \
	F(PCI_STATUS_CAPABILITIES, 4, 4) \
	F(PCI_CLASS_CODE, 31, 8)         \
	F(PCI_HEADER_TYPE, 6, 0)         \
	F(PCI_HEADER_MULTI, 7, 7)
/* 7.5.1.3 */
#define PCI_BUSES_FIELDS(F)           \
	F(PCI_BUSES_SECONDARY, 15, 8) \
	F(PCI_BUSES_SUBORDINATE, 23, 16)
#define PCI_MEMORY_FIELDS(F) /* in MiB */ \
	F(PCI_MEMORY_BASE, 15, 4)         \
	F(PCI_MEMORY_LIMIT, 31, 20)
/* 7.5.1.2.1 */
#define PCI_BAR_FIELDS(F)     \
	F(PCI_BAR_IO, 0, 0)   \
	F(PCI_BAR_TYPE, 2, 1) \
	F(PCI_BAR_ADDRESS, 31, 4)
/* 7.5.3: id, next, then what the capability says; 7.7.1.2 and 7.7.2.2 */
#define PCI_CAPABILITY_FIELDS(F)     \
	F(PCI_CAP_ID, 7, 0)          \
	F(PCI_CAP_NEXT, 15, 8)       \
	F(PCI_MSI_ENABLE, 0, 0)      \
	F(PCI_MSIX_ENABLE, 15, 15)   \
	F(PCI_EXPRESS_VERSION, 3, 0) \
	F(PCI_EXPRESS_TYPE, 7, 4)
/* 7.6.3, from byte 0x100 on */
#define PCI_EXT_CAPABILITY_FIELDS(F) \
	F(PCI_EXT_CAP_ID, 15, 0)     \
	F(PCI_EXT_CAP_NEXT, 31, 20)

enum {
	PCI_HEADER_FIELDS(AS_ENUM) PCI_BUSES_FIELDS(AS_ENUM) PCI_MEMORY_FIELDS(AS_ENUM)
		PCI_BAR_FIELDS(AS_ENUM) PCI_CAPABILITY_FIELDS(AS_ENUM)
			PCI_EXT_CAPABILITY_FIELDS(AS_ENUM)
};
enum { PCI_HEADER_ENDPOINT = 0, PCI_HEADER_BRIDGE = 1 };
enum { PCI_CLASS_DISPLAY = 0x03, PCI_CLASS_BRIDGE = 0x06 }; /* base class */
/* Code and ID Assignment Specification, 2 and 3 */
enum { PCI_CAP_MSI = 0x05, PCI_CAP_VENDOR = 0x09, PCI_CAP_EXPRESS = 0x10, PCI_CAP_MSIX = 0x11 };
enum { PCI_EXT_CAP_ATS = 0x000f, PCI_EXT_CAP_SRIOV = 0x0010 };
enum { PCI_EXPRESS_FLAGS = 2, PCI_EXPRESS_CONTROL = 8, PCI_EXPRESS_CONTROL_2 = 0x28 };
enum { PCI_MSI_CONTROL = 2 }; /* from the capability, also of MSI-X */
enum { PCI_BAR_TYPE_64 = 2 };
