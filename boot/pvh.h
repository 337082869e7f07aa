#pragma once
#include "kernel/boot_info.h"
#include "kernel/firmware.h"

/*
 * hvm_start_info (Xen's x86/HVM direct boot ABI), whose address is in EBX, into out. image, the
 * structure and its memory map are not in the list of RAM. All but the RSDP is copied. False, after
 * a problem, if it cannot be read or leaves no RAM (version 0 has no memory map). Boot CPU.
 */
bool pvh_read(struct firmware *fw, struct pa start_info, struct boot_range image,
	      struct boot_info *out);
