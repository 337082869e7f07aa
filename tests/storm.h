#pragma once
#include "kernel/types.h"

/*
 * selftest=storm: calls on all other CPUs, ended again and again at any instruction of what steps are made of. What is
 * left behind must not show: the first sentence that says otherwise, or NULL. rounds: 0 for our choice. Boot CPU,
 * between cases.
 */
const char *storm(u64 rounds);
