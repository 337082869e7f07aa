/* Pure: the serial port that firmware uses as its console. */
#include "kernel/acpi_spcr.h"

/* Serial Port Console Redirection Table, revision 1 to 4. */
enum { SPCR_INTERFACE = 36, SPCR_SPACE = 40, SPCR_WIDTH = 41, SPCR_ACCESS = 43, SPCR_ADDRESS = 44 };
enum { SPCR_BAUD = 58, SPCR_LEN = 80 };

/* Debug port subtypes that are a 16550: full, the 16450 subset, described by the address structure. */
enum { SPCR_16550 = 0, SPCR_16450 = 1, SPCR_16550_GAS = 0x12 };

/* Generic Address Structure, ACPI 6.4, 5.2.3.2. */
enum { GAS_MEMORY = 0, GAS_IO = 1 };

/* A 16550 has eight registers; they lie in ports or in physical memory. */
enum { REGISTERS = 8, PORTS = 0x10000 };
#define ADDRESS_END (1ull << 52)

/* Access sizes: undefined, byte, word, dword. Undefined is what COM1 has; the register's width holds. */
static const u8 access_bytes[] = { 0, 1, 2, 4 };

static u8 width(const u8 *p)
{
	u8 bytes = access_bytes[p[SPCR_ACCESS]];

	if (bytes)
		return bytes;
	return p[SPCR_WIDTH] == 32 ? 4 : p[SPCR_WIDTH] == 16 ? 2 : 1;
}

static const struct {
	u8 code;
	u32 baud;
} bauds[] = { { 0, 0 }, { 3, 9600 }, { 4, 19200 }, { 6, 57600 }, { 7, 115200 } };

static u32 baud(const struct acpi_table *t)
{
	u8 code = t->bytes[SPCR_BAUD];

	for (unsigned i = 0; i < ARRAY_SIZE(bauds); i++)
		if (bauds[i].code == code)
			return bauds[i].baud;
	acpi_problem(t, SPCR_BAUD, "baud rate code %u is unknown: rate left as it is", code);
	return 0;
}

enum acpi_state acpi_spcr(const struct acpi *acpi, struct spcr *out)
{
	const struct acpi_table *t = &acpi->table[ACPI_SPCR];
	enum acpi_state state = acpi_at_least(t, SPCR_LEN);
	const u8 *p = t->bytes;
	u64 end;

	*out = (struct spcr){ 0 };
	if (state != ACPI_FOUND)
		return state;
	if (le64(p + SPCR_ADDRESS) == 0)
		return ACPI_ABSENT;
	if (p[SPCR_INTERFACE] != SPCR_16550 && p[SPCR_INTERFACE] != SPCR_16450 &&
	    p[SPCR_INTERFACE] != SPCR_16550_GAS) {
		acpi_problem(t, SPCR_INTERFACE, "type %u is no 16550: refused", p[SPCR_INTERFACE]);
		return ACPI_REFUSED;
	}
	if (p[SPCR_SPACE] != GAS_MEMORY && p[SPCR_SPACE] != GAS_IO) {
		acpi_problem(t, SPCR_SPACE, "address space %u: refused", p[SPCR_SPACE]);
		return ACPI_REFUSED;
	}
	end = p[SPCR_SPACE] == GAS_IO ? PORTS : ADDRESS_END;
	if (le64(p + SPCR_ADDRESS) > end - REGISTERS) {
		acpi_problem(t, SPCR_ADDRESS, "no registers can be at 0x%lx: refused",
			     le64(p + SPCR_ADDRESS));
		return ACPI_REFUSED;
	}
	if (p[SPCR_ACCESS] >= ARRAY_SIZE(access_bytes)) {
		acpi_problem(t, SPCR_ACCESS, "access size %u: refused", p[SPCR_ACCESS]);
		return ACPI_REFUSED;
	}
	*out = (struct spcr){
		.io = p[SPCR_SPACE] == GAS_IO,
		.address = le64(p + SPCR_ADDRESS),
		.baud = baud(t),
		.access_bytes = width(p),
	};
	return ACPI_FOUND;
}
