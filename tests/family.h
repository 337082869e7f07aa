#pragma once
#include "kernel/types.h"

/*
 * Does a test of this file match T=, one of its patterns between commas? A pattern with a slash is one of family and
 * name: the scenarios of tests/gup/A19_flush_by_ipi.c are of the family gup, "gup/A19.page_freed". Pure.
 */
bool family_glob(const char *patterns, const char *file, const char *name);
