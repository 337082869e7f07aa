#pragma once
#include "kernel/ktap.h"

/* What a struct ktap under test said so far. */
extern char said[8192];
/* A fresh one that is recorded. */
struct ktap recorder(void);
