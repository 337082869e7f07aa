#pragma once
#include "kernel/types.h"

/*
 * A file of QEMU's fw_cfg device as text, at most size - 1 characters; false if it is not there or this is not
 * QEMU. (QEMU, docs/specs/fw_cfg: selector 0x510, data 0x511, directory 0x19.) Boot CPU.
 */
bool fwcfg_text(const char *name, char *out, size_t size);
