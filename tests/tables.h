#pragma once
#include "tests/self.h"

/*
 * Page-table pages of a run: the PDE above A and B, T0, which it points to while nothing else is said, and T1; B has a PDE of its
 * own if the scenario says so. Nothing else of this machine is mapped below those, so that no CPU loses what it runs on. Both tables stay; what a stranger is said to have
 * written into one is taken out again, and that nobody else wrote there is looked at. Boot CPU.
 */

/* T1, once; va is in the region of all places. */
void tables_prepare(struct va va);

/* What the large page maps an address to. */
struct pa tables_large_page(struct va va);

/* Where the entries of the run's places are. */
void tables_open(struct run *run);

/* PDE and leaves as the scenario starts; what caches hold of before is the caller's matter. While no agent runs. */
void tables_set_up(struct run *run);

/* A's PDE points to T0, and no table has a leaf. Before anybody else walks. */
void tables_clear(struct run *run);

/* When nothing can reach the tables any more: a word where no place's leaf is, is trouble. */
void tables_look_for_strays(struct run *run);
