/* Pure: the power management timer, from the Fixed ACPI Description Table. */
#include "kernel/acpi_fadt.h"
#include "kernel/bits.h"

/* ACPI 6.4, table 5.9 (fields) and 5.10 (flags). */
enum { FADT_PM_TMR_BLK = 76, FADT_PM_TMR_LEN = 91, FADT_FLAGS = 112, FADT_V1 = 116 };
enum { FADT_X_PM_TMR_BLK = 208, FADT_X_END = 220 };
#define FADT_FLAGS_FIELDS(F)            \
	F(FADT_HW_REDUCED_ACPI, 20, 20) \
	F(FADT_TMR_VAL_EXT, 8, 8)
enum { FADT_FLAGS_FIELDS(AS_ENUM) };

/* Generic Address Structure, 5.2.3.2: space first, address at 4. */
enum { GAS_MEMORY = 0, GAS_IO = 1, GAS_ADDRESS = 4 };

enum { PORTS = 0x10000, REGISTER = 4 };

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
	if (address)
		*out = (struct fadt){
			.pm_timer = address,
			.pm_timer_io = space == GAS_IO,
			.pm_timer_bits = get(flags, FADT_TMR_VAL_EXT) ? 32 : 24,
		};
	return ACPI_FOUND;
}
