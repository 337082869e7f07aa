#pragma once
#include "kernel/types.h"

/*
 * The string that a field of an SMBIOS structure names (DMTF DSP0134 6.1): of the first structure of that
 * type in a table of len bytes, which may be cut anywhere; field is the offset of the string's number. False, and
 * "" in out, if it is not there, has no end, is empty, has a character that is not printable ASCII, or does not
 * fit into size (1 or more). Pure.
 */
bool smbios_string(const u8 *table, size_t len, u8 type, u8 field, char *out, size_t size);
