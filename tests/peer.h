#pragma once
#include "kernel/addr.h"

/*
 * A page of another device's memory, for peer-to-peer DMA: the last page of a controller memory buffer of an NVMe
 * controller that is no engine or, where there is none, of the memory of QEMU's ivshmem. It can be mapped like a frame.
 */
struct peer {
	u8 *cpu; /* uncached; NULL: there is none */
	struct pa pa;
};

/* Find it, and see which engines in use reach it (dma_engine.to_peers); notes. Boot CPU, while engines are idle. */
struct peer peer_find(void);
