#pragma once
#include "kernel/types.h"

/*
 * Files of QEMU's fw_cfg device (QEMU, docs/specs/fw_cfg: selector 0x510, data 0x511, directory 0x19). Boot CPU.
 */

/* False if this is not QEMU: then there are no files. */
bool fwcfg_is_there(void);

/* The first bytes of a file, at most max; how many, 0 if it is not there. */
size_t fwcfg_read(const char *name, void *out, size_t max);

/* A file as text, at most size - 1 characters; false, and "" in out, if it is not there. */
bool fwcfg_text(const char *name, char *out, size_t size);
