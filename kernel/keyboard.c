#include "kernel/keyboard.h"
#include "kernel/bits.h"
#include "kernel/print.h"
#include "kernel/time.h"
#include "kernel/x86.h"

/* The controller: ports and commands as in the IBM PC/AT's manual, and every chip set's since. */
enum { DATA = 0x60, STATUS = 0x64, COMMAND = 0x64, FLOATING = 0xff };
#define STATUS_FIELDS(F)    \
	F(STATUS_OBF, 0, 0) \
	F(STATUS_IBF, 1, 1) \
	F(STATUS_AUX, 5, 5)
enum { STATUS_FIELDS(AS_ENUM) };
enum { WRITE_CONFIGURATION = 0x60 };
#define CONFIGURATION_FIELDS(F) \
	F(CONFIG_SYSTEM, 2, 2)  \
	F(CONFIG_NO_AUX, 5, 5)  \
	F(CONFIG_SET_1, 6, 6)
enum { CONFIGURATION_FIELDS(AS_ENUM) };

/* The keyboard: its commands and answers, and set 1 of its codes, to which the controller translates. */
enum { ENABLE = 0xf4, ACK = 0xfa };
enum { CODE_S = 0x1f, CODE_RELEASED = 0x80 };

enum { WRITE_MS = 100, ANSWER_MS = 500, OLD_BYTES = 64, ANSWER_BYTES = 8 };

static bool has_byte(void) { return get(inb(STATUS), STATUS_OBF); }

static bool write(u16 port, u8 v)
{
	if (!until(WRITE_MS, !get(inb(STATUS), STATUS_IBF), "the keyboard's controller to take %#x",
		   v))
		return false;
	outb(port, v);
	return true;
}

/* Keys that were pressed meanwhile may come before it. */
static bool acknowledged(void)
{
	for (unsigned i = 0; i < ANSWER_BYTES; i++) {
		if (!until(ANSWER_MS, has_byte(), "a keyboard to answer"))
			return false;
		if (inb(DATA) == ACK)
			return true;
	}
	return false;
}

bool keyboard_start(bool absent)
{
	if (absent || inb(STATUS) == FLOATING)
		return false;
	for (unsigned i = 0; has_byte(); i++) {
		if (i == OLD_BYTES)
			return false;
		inb(DATA);
	}
	/* No interrupts; loaders may leave the keyboard off, and its codes as they are. */
	return write(COMMAND, WRITE_CONFIGURATION) &&
	       write(DATA,
		     (u8)(put(CONFIG_SYSTEM, 1) | put(CONFIG_NO_AUX, 1) | put(CONFIG_SET_1, 1))) &&
	       write(DATA, ENABLE) && acknowledged();
}

enum key keyboard_key(void)
{
	u8 status = inb(STATUS), code;

	if (!get(status, STATUS_OBF))
		return KEY_NONE;
	code = inb(DATA);
	if (get(status, STATUS_AUX) || !code || code >= CODE_RELEASED)
		return KEY_NONE;
	return code == CODE_S ? KEY_S : KEY_OTHER;
}
