#pragma once
#include "kernel/acpi_mcfg.h"
#include "kernel/addr.h"

/* PCI functions, configured through ECAM (PCI Express Base Specification 7.2.2). Boot CPU only. */
struct pci_function {
	u16 segment;
	u8 bus, dev, fn;
	u16 vendor, device;
	u32 class;                 /* base class << 16 | sub-class << 8 | programming interface */
	u8 header;                 /* header type, bit 7 cleared */
	u8 secondary, subordinate; /* of a bridge */
	u8 express;                /* enum pci_express */
	bool plugged; /* an xHC with something in a port, when it was found (kernel/xhci.h) */
	bool stopped; /* it mastered the bus until pci_quiesce_all() */
	bool held;    /* likewise, until translation for it changed hands (tests/reserved.h) */
	volatile u8 *config;
	const struct pci_function *bridge; /* it is behind; NULL on a root bus */
	const struct pci_function
		*physical; /* whose virtual function it is (kernel/pci_sriov.h); else NULL */
	u8 number;         /* among those, from 0 */
};

/* Device/Port Type of the PCI Express capability (7.5.3.2), those that matter here; a function without one. */
enum pci_express {
	PCI_EXPRESS_ENDPOINT = 0,
	PCI_EXPRESS_ROOT_PORT = 4,
	PCI_EXPRESS_TO_PCI = 7,
	PCI_TO_EXPRESS = 8,
	PCI_CONVENTIONAL = 16,
};

enum { PCI_FUNCTIONS_MAX = 1024 }; /* a socket of a server has some hundreds */

/* PCI requester id: bus << 8 | device << 3 | function. */
static inline u16 pci_rid(const struct pci_function *f)
{
	return (u16)(f->bus << 8 | f->dev << 3 | f->fn);
}

/*
 * The requester id of its requests where they leave PCI Express: of a function behind a bridge to conventional PCI that
 * bridge's, and so the same for all that are behind it (PCI Express to PCI/PCI-X Bridge Specification 2.3; VT-d 3.4.1). Pure.
 */
u16 pci_requester(const struct pci_function *f);

/*
 * Find the functions of the first bus of every piece of ECAM space and of all buses behind bridges,
 * into a fixed table; a note for each, and one for what does not fit or makes no sense. Nothing is
 * switched on or off. After device_map() works.
 */
void pci_scan(const struct mcfg *mcfg);

/*
 * The same for one more root bus: only ACPI's namespace and the device scopes of DMAR name those of a
 * machine with several host bridges. A bus that was seen already is left alone.
 */
void pci_scan_root(const struct mcfg *mcfg, u16 segment, u8 bus);

/* All functions found, in the order found: parents before children. */
struct pci_function *pci_functions(unsigned *count);
struct pci_function *pci_find(u16 segment, u8 bus, u8 dev, u8 fn); /* NULL when there is none */

/* One more, which a scan cannot see; a note. False if there is no room. */
bool pci_add(const struct pci_function *f);

/* One access of the stated width to configuration space, reg < 4096 and aligned. */
u8 pci_read8(const struct pci_function *f, unsigned reg);
u16 pci_read16(const struct pci_function *f, unsigned reg);
u32 pci_read32(const struct pci_function *f, unsigned reg);
void pci_write16(const struct pci_function *f, unsigned reg, u16 v);
void pci_write32(const struct pci_function *f, unsigned reg, u32 v);

/* Where in configuration space the capability is, 0 when there is none (PCIe 7.5.1.1.11). */
unsigned pci_capability(const struct pci_function *f, u8 id);
/* The same for an extended one (7.6.3), which only functions of PCI Express have. */
unsigned pci_extended_capability(const struct pci_function *f, u16 id);

/* A note about a function: "pci=0000:00:02.0 WHAT". */
void pci_note(const struct pci_function *f, const char *what);

/*
 * Nobody but us: bus mastering off on every function that is no bridge and no display controller (an
 * integrated one reads the screen from memory) and that nobody says `keeps` of, and MSI, MSI-X and INTx off on all. On return
 * what a function had posted has arrived. A function that keeps mastering is noted, one that did is marked `stopped`.
 */
void pci_quiesce_all(bool (*keeps)(const struct pci_function *f));

/*
 * Let a function and the bridges above it master the bus, or stop the function (bridges stay on: others
 * may be behind them). After "off" what it had posted has arrived.
 */
void pci_bus_master(const struct pci_function *f, bool on);
bool pci_is_bus_master(const struct pci_function *f);

struct pci_bar;
/* What the BAR in that register says. The function does not answer while it is measured. */
struct pci_bar pci_bar_measure(const struct pci_function *f, unsigned reg);

struct pci_window {
	u8 *at;
	struct pa pa;
	u64 size;
};

/*
 * Awake and snooping (kernel/pci_ready.h), find the size of a memory BAR, map its registers uncached and let the function decode them. False with
 * a note when it is no memory BAR, firmware gave it no address or it cannot be mapped. Only for a function that is ours:
 * it does not answer while it is measured.
 */
bool pci_map_bar(const struct pci_function *f, unsigned bar, struct pci_window *w);
