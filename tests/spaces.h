#pragma once
#include "tests/self.h"

/*
 * Address spaces that CPUs load in a run: the kernel's own tables are A's, and a second root has the same kernel half and tables of its
 * own for B. With PCIDs, where a scenario needs them, CR4.PCIDE is on for as long as the run is open; everybody else has it off.
 */

/* The second root, once; va is in the region of all places. Boot CPU. */
void spaces_prepare(struct va va);

/* Does this machine have what NEED_PCID says? */
bool spaces_have_pcids(void);

/* Where the run's places and their entries are, and what is loaded into CR3 for each. Boot CPU. */
void spaces_open(struct run *run);

/* The second space is empty, as it was. Boot CPU, before anybody else walks. */
void spaces_close(struct run *run);

/* On the CPU that calls: nothing cached, A's space; before each execution. */
void spaces_enter(const struct run *run);

/* On the CPU that calls: nothing cached, no PCID but 0; PCIDs on or off as the run wants it. Before the first and after the last. */
void spaces_leave(const struct run *run);
