#pragma once
#include "kernel/types.h"

enum pci_bar_kind {
	PCI_BAR_NONE, /* not implemented */
	PCI_BAR_PORTS,
	PCI_BAR_UNASSIGNED, /* memory, and nobody gave it an address */
	PCI_BAR_MEMORY,
};

struct pci_bar {
	enum pci_bar_kind kind;
	u64 base, size;
};

/*
 * What a BAR says, from its two registers as they were and as they read back after all ones were
 * written (hi is not looked at unless the BAR is 64 bits wide). PCIe 7.5.1.2.1. Pure.
 */
struct pci_bar pci_bar_decode(u32 lo, u32 hi, u32 lo_ones, u32 hi_ones);
bool pci_bar_is_wide(u32 lo);
