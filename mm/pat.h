#pragma once

/*
 * Program the calling CPU's page attribute table, the same on every CPU (SDM 3A 11.12): as after reset, but
 * entry 1 (PWT) is write combining. Before anything is mapped PAGE_WC.
 */
void pat_init(void);
