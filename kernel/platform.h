#pragma once
#include "kernel/types.h"

/*
 * Who executes us: real hardware or an emulator, which one, of what version, and what CPU it shows. A known deviation
 * (tests/deviations.c) is one of a platform in certain versions, nobody else's excuse.
 */
enum platform_kind { PLATFORM_HARDWARE, PLATFORM_QEMU, PLATFORM_HYPERVISOR /* another */ };
enum platform_accel { ACCEL_NONE, ACCEL_TCG, ACCEL_KVM, ACCEL_UNKNOWN };

/* Versions that compare as numbers; 0 is "unknown". */
#define VERSION(major, minor, patch) ((u32)(major) << 16 | (u32)(minor) << 8 | (u32)(patch))

struct platform {
	enum platform_kind kind;
	enum platform_accel accel;
	u32 version;         /* VERSION() of the emulator */
	bool version_is_min; /* it is the machine type's, which a later emulator can have too */
	char machine[32];    /* "pc-q35-11.1"; "" if nobody says */
	char hypervisor[13]; /* CPUID's name for it; "" on hardware */
	char cpu_vendor[13];
	u32 family, model, stepping, microcode;
};

/* What the machine says of itself, as it says it. */
struct platform_told {
	u32 vendor[3];     /* CPUID.0: EBX, EDX, ECX */
	u32 signature;     /* CPUID.1: EAX */
	bool virtual;      /* CPUID.1: ECX[31] */
	u32 hypervisor[3]; /* CPUID.40000000h: EBX, ECX, EDX */
	u32 microcode;
	bool fw_cfg;      /* QEMU's device is there */
	char version[48]; /* what whoever started QEMU says it is, "11.1.3"; "" if nothing */
	u8 smbios[512];   /* the first bytes of QEMU's SMBIOS tables */
	size_t smbios_len;
};

/* Nothing that is told is believed: what cannot be read is unknown. Pure. */
void platform_parse(struct platform *p, const struct platform_told *told);

/* "platform=qemu version=11.1.3 ...", one line; text. Pure. */
const char *platform_text(char *text, size_t size, const struct platform *p);

/* The one we run on. Filled by platform_find(): boot CPU, once, any time. */
extern struct platform platform;
void platform_find(void);
