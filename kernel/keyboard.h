#pragma once
#include "kernel/types.h"

/*
 * The keyboard behind an i8042 controller, asked and never interrupting. A USB keyboard is none, unless firmware plays one.
 */

/*
 * Is there one that answers? absent: firmware says that there is no controller. What was typed until now is forgotten.
 * Boot CPU, once.
 */
bool keyboard_start(bool absent);

/* What was pressed since the last call; releases are nothing. Boot CPU. */
enum key { KEY_NONE, KEY_S, KEY_OTHER };
enum key keyboard_key(void);
