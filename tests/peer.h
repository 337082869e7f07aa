#pragma once
#include "kernel/addr.h"

struct pci_function;

/*
 * A page of another device's memory, for peer-to-peer DMA: the last page of a controller memory buffer of an NVMe
 * controller that is no engine or, where there is none, of the memory of QEMU's ivshmem. It can be mapped like a frame.
 */
struct peer {
	u8 *cpu; /* uncached; NULL: there is none */
	struct pa pa;
	u64 size;                         /* of that memory, which ends with the page */
	const struct pci_function *moves; /* whose BAR may be moved: ivshmem; else NULL */
};
/* The memory of ivshmem, docs/specs/ivshmem-spec.rst of QEMU. */
enum { PEER_BAR = 2 };

/* Find it, and see which engines in use reach it (dma_engine.to_peers); notes. Boot CPU, while engines are idle. */
struct peer peer_find(void);
