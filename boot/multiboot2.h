#pragma once
#include "kernel/boot_info.h"
#include "kernel/firmware.h"

/*
 * Multiboot 2 information (3.4 to 3.6) into out. image and the information itself are not in
 * the list of RAM. Everything is copied: info is not needed afterwards. False, after a problem, if the
 * structure cannot be read or leaves no RAM. Boot CPU.
 */
bool multiboot2_read(struct firmware *fw, struct pa info, struct boot_range image,
		     struct boot_info *out);
