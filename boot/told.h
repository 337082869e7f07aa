#pragma once
#include "kernel/acpi_dmar.h"
#include "kernel/acpi_fadt.h"
#include "kernel/acpi_madt.h"
#include "kernel/acpi_mcfg.h"
#include "kernel/acpi_off.h"
#include "kernel/acpi_spcr.h"
#include "kernel/boot_info.h"
#include "kernel/cmdline.h"

/* What loader, user and firmware told; filled in this order, while the boot tables are in use. Boot CPU. */
extern struct boot_info boot;
extern struct options options;
extern struct madt madt;
extern struct mcfg mcfg;
extern struct dmar dmar;
extern struct fadt fadt;
extern struct acpi_off off;
extern struct spcr spcr; /* address 0: none */

enum protocol { PROTOCOL_PVH = 0, PROTOCOL_MULTIBOOT2 = 2 }; /* boot/entry.S */

/* Panics when there is no RAM in it. info: physical, image: where the image's first byte is. */
void told_by_loader(enum protocol protocol, u32 info, u64 image);

/* Panics with a sentence about a word that is not known. */
void told_on_command_line(void);

/* What is missing or broken is told and left out. */
void told_by_acpi(void);
