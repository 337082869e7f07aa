#pragma once
#include "kernel/types.h"

/*
 * Controller Memory Buffer: memory of an NVMe controller behind one of its BARs. Where it is, from CMBLOC and CMBSZ (3.1.3.12,
 * 3.1.3.13); size 0: there is none. Pure.
 */
struct nvme_cmb {
	unsigned bar;
	u64 offset, size;
};
struct nvme_cmb nvme_cmb_decode(u32 location, u32 size);

struct pci_function;
struct pci_window;

/*
 * Map the buffer of a controller that nobody uses: it is shut down, and the buffer switched on for whoever reaches it by
 * its BAR. False, with a note if it should be there and cannot be had. Boot CPU.
 */
bool nvme_map_cmb(const struct pci_function *fn, struct pci_window *w);
