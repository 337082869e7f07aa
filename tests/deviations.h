#pragma once
#include "kernel/platform.h"
#include "tests/listing.h"

/*
 * Known deviations: where one platform departs from the specification. An outcome that breaks a claim or that the model does
 * not allow is KNOWN instead of FAIL if an entry lists it: the platform, its accelerator, the scenario, the mode and the whole
 * outcome must be the entry's, and the version one from the first that was seen to deviate to the last, whose patch
 * levels all count; who has tried those between does not matter. Nothing about deviations is anywhere else. Pure.
 */
enum deviation_mode { DEVIATES_STEPPED = 1, DEVIATES_RACING = 2 };

/* What people read of it in docs/platforms is left out of the kernel. */
#ifdef HOST
#define TOLD(text) (text)
#else
#define TOLD(text) NULL
#endif

struct deviation_shown {
	const char *test; /* "id.name" of a scenario, or of a case of tests/unit/ */
	u8 modes;         /* enum deviation_mode */
	/* All of it, in the words of the log, "READ=O P0:X": what it does not say was not seen. */
	const char *outcome;
};
#define SHOWN(...)                             \
	(const struct deviation_shown[])       \
	{                                      \
		__VA_ARGS__, { NULL, 0, NULL } \
	}

struct deviation {
	const char *what; /* a few words, for the log: what the platform does */
	enum platform_kind kind;
	enum platform_accel accel;
	u32 first,
		last; /* VERSION() of those that were seen to deviate; of the last one every patch */
	const struct deviation_shown *shows; /* SHOWN(): the last has no test */
	const char *section, *says;          /* TOLD() from here on: of the specification */
	const char *cause;                   /* where the platform's source does it */
	const char *shown;                   /* by which run, how often */
	const char *command;                 /* that shows it again */
};

/*
 * The entry that lists this outcome, or NULL: then nothing excuses it. s: what ran, a variant of a scenario for a
 * control; it goes by the scenario's name.
 */
const struct deviation *deviation_of(const struct platform *p, const struct scenario *s,
				     enum deviation_mode mode, const struct outcome *seen);

/*
 * Entries that expect something of this scenario here, one after the other; `after` NULL for the first. One whose
 * outcome a whole run did not show no longer fits: say so.
 */
const struct deviation *deviation_next(const struct platform *p, const struct scenario *s,
				       enum deviation_mode mode, const struct deviation *after);

/* Either for whatever has that name; outcome NULL: any that is listed. */
const struct deviation *deviation_named(const struct platform *p, const char *name,
					enum deviation_mode mode, const char *outcome,
					const struct deviation *after);

/* What the model's QEMU profile describes: the last version that was tried. */
extern const struct platform deviations_modelled;

/* All entries, for whoever goes through them: tables of any file. */
extern const struct deviation __start_deviations[], __stop_deviations[];
#define DEVIATIONS(table)                     \
	static const struct deviation table[] \
		__attribute__((used, aligned(8), section("deviations")))
