#pragma once
#include "tests/self.h"

/*
 * Shootdowns between the CPUs of a run, two ways: by interrupt, which a CPU that masks interrupts holds off, and by a
 * message that the other CPU looks for wherever it waits, as hardware does that broadcasts invalidations. A CPU may ask
 * again before it is answered: for another place, or for the same one once more.
 */

/* Once, before the first run. */
void shootdown_init(void);

/* Whose run it is that interrupts belong to; NULL: nobody's. Boot CPU, while no step is executed. */
void shootdown_for(struct run *run);

/* INVLPG here, and a request to every other seat. */
void shootdown_ipi(struct self *self, u64 place);
void shootdown_broadcast(struct self *self, u64 place);

/*
 * Have all answered? In racing mode waits for it, else only for those that have interrupts on. False: it would block, or in
 * racing mode did for too long.
 */
bool shootdown_answered(struct self *self);
bool shootdown_broadcast_answered(struct self *self);

/* After interrupts were switched on: until what was pending has been handled. */
void shootdown_settle(struct self *self);

/* Whoever waits on a CPU of the run looks here. Any seat. */
void shootdown_serve(struct run *run, unsigned seat);

/* The CPU that executes this agent's steps masks interrupts, as far as anybody can know. */
bool shootdown_held_off(struct self *self);
