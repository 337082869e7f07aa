/* Pure: power management timer, reset and keyboard controller, from the Fixed ACPI Description Table. */
#include "kernel/acpi_fadt.h"
#include "kernel/bits.h"

/* ACPI 6.4, table 5.9 (fields) and 5.10 (flags). */
enum { FADT_PM_TMR_BLK = 76, FADT_PM_TMR_LEN = 91, FADT_FLAGS = 112, FADT_V1 = 116 };
enum { FADT_X_PM_TMR_BLK = 208, FADT_X_END = 220 };
enum { FADT_BOOT_ARCH = 109, FADT_RESET_REG = 116, FADT_RESET_VALUE = 128, FADT_RESET_END = 129 };
#define FADT_FLAGS_FIELDS(F)            \
	F(FADT_HW_REDUCED_ACPI, 20, 20) \
	F(FADT_RESET_REG_SUP, 10, 10)   \
	F(FADT_TMR_VAL_EXT, 8, 8)
enum { FADT_FLAGS_FIELDS(AS_ENUM) };
/* Table 5.11: IA-PC boot architecture flags, since ACPI 2.0, whose FADT is revision 3. */
#define FADT_BOOT_ARCH_FIELDS(F) F(FADT_8042, 1, 1)
enum { FADT_BOOT_ARCH_FIELDS(AS_ENUM) };
enum { REVISION = 8, REVISION_ACPI_2 = 3 };

/* Generic Address Structure, 5.2.3.2: space first, address at 4. */
enum { GAS_MEMORY = 0, GAS_IO = 1, GAS_ADDRESS = 4 };

enum { PORTS = 0x10000, REGISTER = 4 };

static void keyboard_and_reset(const struct acpi_table *t, struct fadt *out)
{
	const u8 *p = t->bytes;

	out->no_8042 = p[REVISION] >= REVISION_ACPI_2 && !get(p[FADT_BOOT_ARCH], FADT_8042);
	if (t->len < FADT_RESET_END || !get(le32(p + FADT_FLAGS), FADT_RESET_REG_SUP) ||
	    p[FADT_RESET_REG] != GAS_IO || le64(p + FADT_RESET_REG + GAS_ADDRESS) >= PORTS)
		return;
	out->reset_port = (u16)le64(p + FADT_RESET_REG + GAS_ADDRESS);
	out->reset_value = p[FADT_RESET_VALUE];
}

enum acpi_state acpi_fadt(const struct acpi *acpi, struct fadt *out)
{
	const struct acpi_table *t = &acpi->table[ACPI_FADT];
	enum acpi_state state = acpi_at_least(t, FADT_V1);
	const u8 *p = t->bytes;
	u8 space = GAS_IO;
	u64 address;
	u32 flags;

	*out = (struct fadt){ 0 };
	if (state != ACPI_FOUND)
		return state;
	keyboard_and_reset(t, out);
	flags = le32(p + FADT_FLAGS);
	if (get(flags, FADT_HW_REDUCED_ACPI) || p[FADT_PM_TMR_LEN] != REGISTER)
		return ACPI_FOUND;
	address = le32(p + FADT_PM_TMR_BLK);
	/* The extended block, where it is filled in, takes the place of the old one. */
	if (t->len >= FADT_X_END && le64(p + FADT_X_PM_TMR_BLK + GAS_ADDRESS) != 0) {
		space = p[FADT_X_PM_TMR_BLK];
		address = le64(p + FADT_X_PM_TMR_BLK + GAS_ADDRESS);
	}
	if (space > GAS_IO || (space == GAS_IO && address > PORTS - REGISTER)) {
		acpi_problem(t, FADT_X_PM_TMR_BLK,
			     "PM timer at 0x%lx in address space %u: not used", address, space);
		return ACPI_FOUND;
	}
	if (address) {
		out->pm_timer = address;
		out->pm_timer_io = space == GAS_IO;
		out->pm_timer_bits = get(flags, FADT_TMR_VAL_EXT) ? 32 : 24;
	}
	return ACPI_FOUND;
}
