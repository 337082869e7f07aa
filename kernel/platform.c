/* Pure: from what a machine says of itself to what it is. */
#include "kernel/platform.h"
#include "kernel/bits.h"
#include "kernel/format.h"
#include "kernel/smbios.h"
#include "kernel/string.h"

/* DSP0134 7.2: the version of the system; QEMU puts its machine type there. */
enum { SYSTEM = 1, SYSTEM_VERSION = 6 };

/* SDM 2A, CPUID.1:EAX */
#define SIGNATURE_FIELDS(F)           \
	F(SIGNATURE_FAMILY_2, 27, 20) \
	F(SIGNATURE_MODEL_2, 19, 16)  \
	F(SIGNATURE_FAMILY, 11, 8)    \
	F(SIGNATURE_MODEL, 7, 4)      \
	F(SIGNATURE_STEPPING, 3, 0)
enum { SIGNATURE_FIELDS(AS_ENUM) };
enum { FAMILY_6 = 6, FAMILY_MORE = 15 };

static void cpu(struct platform *p, u32 eax)
{
	p->stepping = (u32)get(eax, SIGNATURE_STEPPING);
	p->model = (u32)get(eax, SIGNATURE_MODEL);
	p->family = (u32)get(eax, SIGNATURE_FAMILY);
	if (p->family == FAMILY_6 || p->family == FAMILY_MORE)
		p->model += (u32)get(eax, SIGNATURE_MODEL_2) << 4;
	if (p->family == FAMILY_MORE)
		p->family += (u32)get(eax, SIGNATURE_FAMILY_2);
}

/* A name out of three registers; nobody promises that it can be printed. */
static void name(char out[13], const u32 registers[3])
{
	memcpy(out, registers, 12);
	out[12] = 0;
	for (char *c = out; *c; c++)
		if (*c < ' ' || *c > '~' || *c == '"')
			*c = '?';
}

/* "11.1" or "11.1.3", and where it ends; 0 if it is none. */
static u32 version(const char *s, const char **end)
{
	u32 v[3] = { 0 };
	unsigned n = 0;

	for (; n < 3; n++) {
		if (*s < '0' || *s > '9')
			return 0;
		for (; *s >= '0' && *s <= '9'; s++)
			if ((v[n] = v[n] * 10 + (u32)(*s - '0')) > 255)
				return 0;
		if (*s != '.' || n == 2)
			break;
		s++;
	}
	*end = s;
	return n ? VERSION(v[0], v[1], v[2]) : 0;
}

/* "pc-q35-11.1"; distributions have types with names of their own, which say nothing. */
static u32 version_of_machine(const char *machine)
{
	const char *last = NULL, *end;

	for (const char *c = machine; *c; c++)
		if (*c == '-')
			last = c + 1;
	u32 v = last && !strncmp(machine, "pc-", 3) ? version(last, &end) : 0;
	return v && !*end ? v : 0;
}

static void emulator(struct platform *p, const struct platform_told *told)
{
	const char *end;

	if (smbios_string(told->smbios, told->smbios_len, SYSTEM, SYSTEM_VERSION, p->machine,
			  sizeof p->machine))
		p->version = version_of_machine(p->machine);
	p->version_is_min = p->version != 0;
	u32 v = version(told->version, &end);
	/* "11.1.0-rc1", "11.1.3 (Debian 1:11.1.3+ds-1)" */
	if (v && (!*end || *end == ' ' || *end == '-')) {
		p->version = v;
		p->version_is_min = false;
	}
}

void platform_parse(struct platform *p, const struct platform_told *told)
{
	*p = (struct platform){ .kind = PLATFORM_HARDWARE, .microcode = told->microcode };
	name(p->cpu_vendor, told->vendor);
	cpu(p, told->signature);
	if (!told->virtual)
		return;
	name(p->hypervisor, told->hypervisor);
	p->accel = !strcmp(p->hypervisor, "TCGTCGTCGTCG") ? ACCEL_TCG
		   : !strcmp(p->hypervisor, "KVMKVMKVM")  ? ACCEL_KVM
							  : ACCEL_UNKNOWN;
	/* TCG is QEMU's own; of KVM there are many users. */
	p->kind = p->accel == ACCEL_TCG || (p->accel == ACCEL_KVM && told->fw_cfg)
			  ? PLATFORM_QEMU
			  : PLATFORM_HYPERVISOR;
	if (p->kind == PLATFORM_QEMU)
		emulator(p, told);
}

const char *platform_text(char *text, size_t size, const struct platform *p)
{
	static const char *const accels[] = { "none", "tcg", "kvm", "unknown" };
	size_t n;

	if (p->kind == PLATFORM_HARDWARE)
		n = format(text, size, "platform=hardware");
	else if (p->kind == PLATFORM_HYPERVISOR)
		n = format(text, size, "platform=hypervisor name=\"%s\"", p->hypervisor);
	else if (!p->version)
		n = format(text, size, "platform=qemu version=unknown accel=%s", accels[p->accel]);
	else
		n = format(text, size, "platform=qemu version=%u.%u.%u%s accel=%s",
			   p->version >> 16, p->version >> 8 & 0xff, p->version & 0xff,
			   p->version_is_min ? "-or-later" : "", accels[p->accel]);
	if (p->machine[0] && n < size)
		n += format(text + n, size - n, " machine=\"%s\"", p->machine);
	if (n < size)
		format(text + n, size - n,
		       " cpu=\"%s\" family=%u model=%u stepping=%u microcode=%#x", p->cpu_vendor,
		       p->family, p->model, p->stepping, p->microcode);
	return text;
}
