/* Pure: the words of the kernel's command line. */
#include "kernel/cmdline.h"
#include "kernel/format.h"
#include "kernel/string.h"

enum kind { FLAG, SWITCH, TEXT, NUMBER, SHARD, CHOICE };
enum { SHOWN_MAX = 40, SHARDS_MAX = 256 };

/*
 * One word: FLAG and SWITCH fill a bool, TEXT a char[max], NUMBER a u64, SHARD two u32, CHOICE an
 * unsigned, its place in choices.
 */
struct option {
	const char *word;
	u8 kind, min;
	u16 offset, given; /* of a bool: it was there; 0: who fills it need not know */
	u64 max;
	const char *const *choices;
	const char *what;    /* a TEXT is */
	const char *missing; /* the reason, if this build does not have it */
};

#define AT(member)   offsetof(struct options, member)
#define ROOM(member) sizeof((struct options *)0)->member

static const char *const selftests[] = { [SELFTEST_NONE] = "none",
					 [SELFTEST_EXCEPTION] = "exception",
					 [SELFTEST_NMI] = "nmi",
					 [SELFTEST_MCE] = "mce",
					 [SELFTEST_STUCK] = "stuck",
					 [SELFTEST_LEAK] = "leak",
					 [SELFTEST_DAMAGE] = "damage",
					 [SELFTEST_GUARD] = "guard",
					 [SELFTEST_WX] = "wx",
					 [SELFTEST_SILENT] = "silent",
					 [SELFTEST_FAULT] = "fault",
					 [SELFTEST_HANG] = "hang",
					 [SELFTEST_HANG_CLI] = "hang-cli",
					 [SELFTEST_HANG_IRQ] = "hang-irq",
					 [SELFTEST_BOOT_HANG] = "boot-hang",
					 [SELFTEST_BOOT_HANG_CLI] = "boot-hang-cli",
					 [SELFTEST_STORM] = "storm",
					 NULL };

static const char *const modes[] = {
	[MODE_BOTH] = "both", [MODE_STEP] = "step", [MODE_RACE] = "race", NULL
};
static const char *const injections[] = { [INJECT_NONE] = "none",
					  [INJECT_QUEUE] = "queue",
					  [INJECT_WAIT] = "wait",
					  [INJECT_SHOOTDOWN] = "shootdown",
					  [INJECT_ENGINE] = "engine",
					  [INJECT_LEAK] = "leak",
					  [INJECT_STATUS] = "status",
					  [INJECT_TAIL] = "tail",
					  [INJECT_DTLB] = "dtlb",
					  [INJECT_STRAY] = "stray",
					  NULL };
#ifdef INJECT
#define NO_INJECTION NULL
#else
#define NO_INJECTION "needs fault injection, and this build has none (make INJECT=1)"
#endif

static const struct option options[] = {
	{ .word = "T", .kind = TEXT, .offset = AT(tests), .max = ROOM(tests), .what = "pattern" },
	{ .word = "ORDER",
	  .kind = TEXT,
	  .offset = AT(order),
	  .max = ROOM(order),
	  .what = "letters" },
	{ .word = "ENGINE",
	  .kind = TEXT,
	  .offset = AT(engine),
	  .max = ROOM(engine),
	  .what = "name" },
	{ .word = "MODE", .kind = CHOICE, .offset = AT(mode), .choices = modes },
	{ .word = "ROUNDS", .kind = NUMBER, .offset = AT(rounds), .max = 1000000000 },
	{ .word = "SEED",
	  .kind = NUMBER,
	  .offset = AT(seed),
	  .max = ~0ull,
	  .given = AT(seed_given) },
	{ .word = "SHARD", .kind = SHARD, .offset = AT(shard) },
	{ .word = "STRICT", .kind = SWITCH, .offset = AT(strict) },
	{ .word = "LIST", .kind = FLAG, .offset = AT(list) },
	{ .word = "BENCH", .kind = FLAG, .offset = AT(bench) },
	{ .word = "MUTATE", .kind = FLAG, .offset = AT(mutate) },
	{ .word = "PASID", .kind = NUMBER, .offset = AT(pasid), .max = 1048575 },
	{ .word = "SRIOV", .kind = FLAG, .offset = AT(sriov) },
	{ .word = "soak", .kind = NUMBER, .offset = AT(soak_minutes), .min = 1, .max = 100000 },
	{ .word = "handover", .kind = NUMBER, .offset = AT(hand_overs), .min = 1, .max = 1000000 },
	{ .word = "wait", .kind = FLAG, .offset = AT(wait) },
	{ .word = "deadline", .kind = NUMBER, .offset = AT(deadline_ms), .min = 1, .max = 3600000 },
	{ .word = "selftest", .kind = CHOICE, .offset = AT(selftest), .choices = selftests },
	{ .word = "inject",
	  .kind = CHOICE,
	  .offset = AT(inject),
	  .choices = injections,
	  .missing = NO_INJECTION },
};
_Static_assert(AT(shards) == AT(shard) + sizeof(u32), "SHARD fills both");

/* Where sentences about errors go, and whom they name. */
struct complaint {
	char *out;
	size_t size;
	const char *word;
	size_t length;
};

/* A word and what it can be: "PASID=0..1048575". */
static size_t show(const struct option *o, char *out, size_t size)
{
	size_t n;

	switch (o->kind) {
	case FLAG:
		return format(out, size, " %s", o->word);
	case SWITCH:
		return format(out, size, " %s=0|1", o->word);
	case SHARD:
		return format(out, size, " %s=1..n/1..%u", o->word, SHARDS_MAX);
	case TEXT:
		return format(out, size, " %s=%s", o->word, o->what);
	case NUMBER:
		return format(out, size, " %s=%u..%lu", o->word, o->min, o->max);
	default:
		n = format(out, size, " %s", o->word);
		for (unsigned i = 0; o->choices[i] && n < size; i++)
			n += format(out + n, size - n, "%c%s", i ? '|' : '=', o->choices[i]);
		return n;
	}
}

/* Names the word, and lists those that exist. Always false. */
static bool complain(const struct complaint *c, const char *reason)
{
	size_t n = format(c->out, c->size, "command line: \"%.*s%s\" %s; known:",
			  (int)(c->length < SHOWN_MAX ? c->length : SHOWN_MAX), c->word,
			  c->length > SHOWN_MAX ? "..." : "", reason);

	for (unsigned i = 0; i < ARRAY_SIZE(options) && n < c->size; i++)
		if (!options[i].missing)
			n += show(&options[i], c->out + n, c->size - n);
	return false;
}

static bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

static unsigned digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned)(c - 'A') + 10;
	return 16;
}

enum number { NOT_A_NUMBER, TOO_LARGE, A_NUMBER };

/* Decimal, or hexadecimal after 0x. */
static enum number read_number(const char *s, size_t n, u64 max, u64 *out)
{
	enum number what = n ? A_NUMBER : NOT_A_NUMBER;
	bool hex = n > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X');
	unsigned base = hex ? 16 : 10;
	u64 v = 0;

	for (size_t i = hex ? 2 : 0; i < n; i++) {
		if (digit(s[i]) >= base)
			return NOT_A_NUMBER;
		/* What is too large stays so, whatever it wraps to. */
		if (v > (max - digit(s[i])) / base || digit(s[i]) > max)
			what = TOO_LARGE;
		v = v * base + digit(s[i]);
	}
	*out = v;
	return what;
}

/* "i/n" */
static bool read_shard(const char *s, size_t n, u32 *out)
{
	size_t slash = 0;
	u64 i, of;

	while (slash < n && s[slash] != '/')
		slash++;
	if (slash == n || read_number(s + slash + 1, n - slash - 1, SHARDS_MAX, &of) != A_NUMBER ||
	    read_number(s, slash, of, &i) != A_NUMBER || !i)
		return false;
	out[0] = (u32)i;
	out[1] = (u32)of;
	return true;
}

static bool read_choice(const char *const *choices, const char *s, size_t n, unsigned *out)
{
	for (unsigned i = 0; choices[i]; i++) {
		if (strlen(choices[i]) == n && !memcmp(choices[i], s, n)) {
			*out = i;
			return true;
		}
	}
	return false;
}

/* value is NULL for a bare word. */
static bool set(const struct option *o, u8 *to, const char *value, size_t n,
		const struct complaint *c)
{
	enum number read;
	u64 number;

	if (o->missing)
		return complain(c, o->missing);
	if (o->kind == FLAG && value)
		return complain(c, "takes no value");
	if (o->kind == FLAG || (o->kind == SWITCH && !value)) {
		*(bool *)to = true;
		return true;
	}
	if (!value || !n)
		return complain(c, "needs a value");
	switch (o->kind) {
	case NUMBER:
		read = read_number(value, n, o->max, &number);
		if (read == NOT_A_NUMBER)
			return complain(c, "is not a number");
		if (read == TOO_LARGE || number < o->min)
			return complain(c, "is out of range");
		*(u64 *)to = number;
		return true;
	case SWITCH:
		if (n != 1 || (*value != '0' && *value != '1'))
			return complain(c, "is neither 0 nor 1");
		*(bool *)to = *value == '1';
		return true;
	case SHARD:
		return read_shard(value, n, (u32 *)to) ||
		       complain(c, "is not a part i of n, as i/n");
	case CHOICE:
		return read_choice(o->choices, value, n, (unsigned *)to) ||
		       complain(c, "is not one of its values");
	default:
		if (n >= o->max)
			return complain(c, "is too long");
		memcpy(to, value, n);
		to[n] = '\0';
		return true;
	}
}

static bool read_word(struct options *o, u64 *seen, const struct complaint *c)
{
	size_t name = 0;

	while (name < c->length && c->word[name] != '=')
		name++;
	for (unsigned i = 0; i < ARRAY_SIZE(options); i++) {
		bool bare = name == c->length;

		if (strlen(options[i].word) != name || memcmp(options[i].word, c->word, name) != 0)
			continue;
		if (*seen & 1ull << i)
			return complain(c, "comes twice");
		*seen |= 1ull << i;
		if (options[i].given)
			*(bool *)((u8 *)o + options[i].given) = true;
		return set(&options[i], (u8 *)o + options[i].offset,
			   bare ? NULL : c->word + name + 1, bare ? 0 : c->length - name - 1, c);
	}
	return complain(c, "is not known");
}

bool cmdline_parse(struct options *o, const char *line, char *error, size_t size)
{
	u64 seen = 0;

	*o = (struct options){ .pasid = PASID_UNSET };
	for (;;) {
		struct complaint c = { .out = error, .size = size };

		while (blank(*line))
			line++;
		if (!*line)
			return true;
		c.word = line;
		while (*line && !blank(*line))
			line++;
		c.length = (size_t)(line - c.word);
		if (!read_word(o, &seen, &c))
			return false;
	}
}

bool shard_has(const struct options *o, unsigned index)
{
	return !o->shards || index % o->shards == o->shard - 1;
}
