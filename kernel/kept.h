#pragma once

/*
 * Static data that outlives boot/again.h, where the rest of the image becomes what the loader brought. Zero when the loader
 * enters; has no initial value.
 */
#define KEPT __attribute__((section(".bss..kept")))
