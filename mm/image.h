#pragma once
#include "kernel/types.h"

/* linker.ld: the parts of the image, virtual addresses, whole pages. */
extern const u8 __text_start[], __text_end[], __rodata_start[], __rodata_end[], __data_start[],
	__data_end[];
extern const u8 __image_start[], __image_end[];
