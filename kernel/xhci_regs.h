#pragma once
#include "kernel/bits.h"

/* Registers of an eXtensible Host Controller (xHCI 1.2). All are accessed 32 bits at a time, a 64-bit
 * one low half first (5.1). */

/* 5.3: capabilities, from the start of BAR 0 */
enum {
	XHCI_CAPLENGTH = 0x00,
	XHCI_HCSPARAMS1 = 0x04,
	XHCI_HCSPARAMS2 = 0x08,
	XHCI_HCCPARAMS1 = 0x10,
	XHCI_DBOFF = 0x14,
	XHCI_RTSOFF = 0x18,
};
/* 5.4: operational, CAPLENGTH behind it */
enum {
	XHCI_USBCMD = 0x00,
	XHCI_USBSTS = 0x04,
	XHCI_PAGESIZE = 0x08,
	XHCI_CRCR = 0x18,
	XHCI_DCBAAP = 0x30,
	XHCI_CONFIG = 0x38,
	XHCI_OPERATIONAL_SIZE = 0x400,
	XHCI_PORTSC = 0x400, /* 5.4.8: of the first port; the next one's XHCI_PORT_SIZE behind it */
	XHCI_PORT_SIZE = 0x10,
};
/* 5.5.2: the primary interrupter, RTSOFF behind it */
enum {
	XHCI_IMAN = 0x20,
	XHCI_IMOD = 0x24,
	XHCI_ERSTSZ = 0x28,
	XHCI_ERSTBA = 0x30,
	XHCI_ERDP = 0x38,
	XHCI_RUNTIME_SIZE = 0x40,
};

/* 5.3.1, 5.3.3, 5.3.4, 5.3.6, 5.4.3, 5.4.8 */
#define XHCI_CAPABILITY_FIELDS(F)               \
	F(CAPLENGTH_LENGTH, 7, 0)               \
	F(HCSPARAMS1_PORTS, 31, 24)             \
	F(PORTSC_CCS, 0, 0)                     \
	F(HCSPARAMS2_SCRATCHPADS_HI, 25, 21)    \
	F(HCSPARAMS2_SCRATCHPADS_LO, 31, 27)    \
	F(HCCPARAMS1_AC64, 0, 0)                \
	F(HCCPARAMS1_XECP, 31, 16) /* dwords */ \
	F(DBOFF_OFFSET, 31, 2)                  \
	F(RTSOFF_OFFSET, 31, 5)                 \
	F(PAGESIZE_4K, 0, 0)
/* 5.4.1 */
#define USBCMD_FIELDS(F)      \
	F(USBCMD_RS, 0, 0)    \
	F(USBCMD_HCRST, 1, 1) \
	F(USBCMD_EWE, 10, 10)
/* 5.4.2: HSE, EINT and PCD are cleared by writing 1 */
#define USBSTS_FIELDS(F)      \
	F(USBSTS_HCH, 0, 0)   \
	F(USBSTS_HSE, 2, 2)   \
	F(USBSTS_EINT, 3, 3)  \
	F(USBSTS_PCD, 4, 4)   \
	F(USBSTS_CNR, 11, 11) \
	F(USBSTS_HCE, 12, 12)
/* 5.4.5, 5.5.2.1 (IP is cleared by writing 1), 5.5.2.3.3 (so is EHB) */
#define XHCI_RING_FIELDS(F) \
	F(CRCR_RCS, 0, 0)   \
	F(IMAN_IP, 0, 0)    \
	F(IMAN_IE, 1, 1)    \
	F(ERDP_EHB, 3, 3)
/* 7: header of an extended capability; 7.1.1: who owns the controller */
#define XHCI_EXTENDED_FIELDS(F)          \
	F(XECP_ID, 7, 0)                 \
	F(XECP_NEXT, 15, 8) /* dwords */ \
	F(USBLEGSUP_BIOS_OWNED, 16, 16)  \
	F(USBLEGSUP_OS_OWNED, 24, 24)
/* 7.1.2: all that is no SMI enable must be kept, but for the events, which are cleared by writing 1 */
#define USBLEGCTLSTS_FIELDS(F)        \
	F(USBLEGCTLSTS_KEEP1, 3, 1)   \
	F(USBLEGCTLSTS_KEEP2, 12, 5)  \
	F(USBLEGCTLSTS_KEEP3, 19, 17) \
	F(USBLEGCTLSTS_KEEP4, 28, 21) \
	F(USBLEGCTLSTS_EVENTS, 31, 29)

enum {
	XHCI_CAPABILITY_FIELDS(AS_ENUM) USBCMD_FIELDS(AS_ENUM) USBSTS_FIELDS(AS_ENUM)
		XHCI_RING_FIELDS(AS_ENUM) XHCI_EXTENDED_FIELDS(AS_ENUM) USBLEGCTLSTS_FIELDS(AS_ENUM)
};
enum { XECP_ID_LEGACY = 1, XHCI_USBLEGCTLSTS = 4 /* behind USBLEGSUP */ };
