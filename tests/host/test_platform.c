/* What a machine says of itself, and who it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/platform.h"

/* A system structure with nothing but a version. */
#define SYSTEM(version) "\1\x1bhh\0\0\1\0uuuuuuuuuuuuuuuu\6\0\0" version "\0\0"

static struct platform p;

static void words(u32 to[3], const char *name) { memcpy(to, name, 12); }

static struct platform_told intel(void)
{
	struct platform_told told = { .signature = 0x000806f8, .microcode = 0x2b000571 };

	words(told.vendor, "GenuineIntel");
	return told;
}

static struct platform_told under(const char *hypervisor)
{
	struct platform_told told = intel();

	told.virtual = true;
	words(told.hypervisor, hypervisor);
	return told;
}

/* QEMU that says these two things; NULL: nothing. */
static struct platform_told qemu(const char *machine, size_t size, const char *version)
{
	struct platform_told told = under("TCGTCGTCGTCG");

	told.fw_cfg = true;
	if (machine)
		memcpy(told.smbios, machine, told.smbios_len = size);
	if (version)
		strcpy(told.version, version);
	return told;
}
#define QEMU(machine, version) qemu(SYSTEM(machine), sizeof SYSTEM(machine) - 1, version)

static void expect(struct platform_told told, const char *text)
{
	char out[256];

	platform_parse(&p, &told);
	assert_string_equal(platform_text(out, sizeof out, &p), text);
}

#define CPU "cpu=\"GenuineIntel\" family=6 model=143 stepping=8 microcode=0x2b000571"

static void hardware(void **state)
{
	struct platform_told told = intel();

	(void)state;
	expect(told, "platform=hardware " CPU);
	assert_int_equal(p.version, 0);
	/* Beyond its last leaf a CPU answers with anything; SMBIOS and fw_cfg of nobody. */
	words(told.hypervisor, "TCGTCGTCGTCG");
	strcpy(told.version, "11.1.3");
	expect(told, "platform=hardware " CPU);
	assert_int_equal(p.version, 0);
	told = intel();
	told.signature = 0x00a20f12;
	told.microcode = 0xa20120e;
	words(told.vendor, "AuthenticAMD");
	expect(told, "platform=hardware cpu=\"AuthenticAMD\" family=25 model=33 stepping=2 "
		     "microcode=0xa20120e");
	/* Family 5: the model's upper half does not count. */
	told.signature = 0x000f0543;
	told.microcode = 0;
	words(told.vendor, "ab\n\xff\"fghijkl");
	expect(told, "platform=hardware cpu=\"ab???fghijkl\" family=5 model=4 stepping=3 "
		     "microcode=0");
}

static void hypervisors(void **state)
{
	struct platform_told told = under("KVMKVMKVM\0\0\0");

	(void)state;
	/* KVM's users are many: it is QEMU if QEMU's device is there. */
	expect(told, "platform=hypervisor name=\"KVMKVMKVM\" " CPU);
	assert_int_equal(p.accel, ACCEL_KVM);
	told.fw_cfg = true;
	expect(told, "platform=qemu version=unknown accel=kvm " CPU);
	expect(under("Microsoft Hv"), "platform=hypervisor name=\"Microsoft Hv\" " CPU);
	assert_int_equal(p.accel, ACCEL_UNKNOWN);
	expect(under("\0\0\0\0\0\0\0\0\0\0\0"), "platform=hypervisor name=\"\" " CPU);
}

static void versions(void **state)
{
	(void)state;
	expect(QEMU("pc-q35-11.1", NULL), "platform=qemu version=11.1.0-or-later accel=tcg "
					  "machine=\"pc-q35-11.1\" " CPU);
	assert_int_equal(p.version, VERSION(11, 1, 0));
	/* Who started it knows better than the machine type. */
	expect(QEMU("pc-q35-9.2", "11.1.3"),
	       "platform=qemu version=11.1.3 accel=tcg machine=\"pc-q35-9.2\" " CPU);
	expect(qemu(NULL, 0, "10.0.13 (Debian 1:10.0.13+ds-0+deb13u1)"),
	       "platform=qemu version=10.0.13 accel=tcg " CPU);
	expect(qemu(NULL, 0, "11.2.0-rc1"), "platform=qemu version=11.2.0 accel=tcg " CPU);
	expect(QEMU("pc-q35-4.0.1", "x"), "platform=qemu version=4.0.1-or-later accel=tcg "
					  "machine=\"pc-q35-4.0.1\" " CPU);
	expect(QEMU("pc-i440fx-10.0", ""), "platform=qemu version=10.0.0-or-later accel=tcg "
					   "machine=\"pc-i440fx-10.0\" " CPU);
}

static void no_versions(void **state)
{
	static const char *const bad[] = { "",      "11",       "11.",   ".1",     "11.x",
					   "11.1.", "11.1.3.4", "11.1x", "11.256", "4294967307.1",
					   "v11.1", "-1.1",     "0.0.0", " 11.1" };

	(void)state;
	for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct platform_told told = qemu(NULL, 0, bad[i]);

		platform_parse(&p, &told);
		assert_int_equal(p.version, 0);
		assert_false(p.version_is_min);
	}
	/* Other machine types, and distributions'. */
	expect(QEMU("microvm", ""), "platform=qemu version=unknown accel=tcg "
				    "machine=\"microvm\" " CPU);
	expect(QEMU("pc-q35-rhel9.4.0", ""), "platform=qemu version=unknown accel=tcg "
					     "machine=\"pc-q35-rhel9.4.0\" " CPU);
	expect(QEMU("pc-q35-11.1-hpb", ""), "platform=qemu version=unknown accel=tcg "
					    "machine=\"pc-q35-11.1-hpb\" " CPU);
	expect(QEMU("virt-11.1", ""), "platform=qemu version=unknown accel=tcg "
				      "machine=\"virt-11.1\" " CPU);
}

/* Whatever was told: a line of text, and a version only of QEMU. */
static void believed(const struct platform_told *told)
{
	char out[256];

	platform_parse(&p, told);
	platform_text(out, sizeof out, &p);
	for (const char *c = out; *c; c++)
		assert_in_range(*c, ' ', '~');
	assert_true(!p.version || p.kind == PLATFORM_QEMU);
	assert_true(!p.version_is_min || p.machine[0]);
}

static void damage(void **state)
{
	struct platform_told told = QEMU("pc-q35-11.1", "11.1.3 (Debian)");
	struct {
		void *at;
		size_t size;
	} parts[] = { { told.vendor, sizeof told.vendor },
		      { &told.signature, sizeof told.signature },
		      { told.hypervisor, sizeof told.hypervisor },
		      { told.version, sizeof told.version - 1 },
		      { told.smbios, told.smbios_len } };

	(void)state;
	/* With and without a version from whoever started it: then SMBIOS counts. */
	for (unsigned twice = 0; twice < 2; twice++) {
		for (unsigned i = 0; i < ARRAY_SIZE(parts); i++)
			for (u8 *c = parts[i].at; c < (u8 *)parts[i].at + parts[i].size; c++)
				for (unsigned x = 1; x < 256; x++) {
					*c ^= (u8)x;
					believed(&told);
					*c ^= (u8)x;
				}
		for (told.smbios_len = 0; told.smbios_len < sizeof told.smbios; told.smbios_len++)
			believed(&told);
		told.smbios_len = parts[4].size;
		told.version[0] = 0;
	}
}

/* A line is cut where there is no room. */
static void cut(void **state)
{
	struct platform_told told = QEMU("pc-q35-11.1", "11.1.3");
	char out[128];

	(void)state;
	platform_parse(&p, &told);
	for (size_t size = 1; size < sizeof out; size++) {
		memset(out, 'x', sizeof out);
		assert_in_range(strlen(platform_text(out, size, &p)), 0, size - 1);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(hardware), cmocka_unit_test(hypervisors),
		cmocka_unit_test(versions), cmocka_unit_test(no_versions),
		cmocka_unit_test(damage),   cmocka_unit_test(cut),
	};

	return cmocka_run_group_tests_name("platform", tests, NULL, NULL);
}
