/* Pure: the words of the kernel's command line. */
#include "kernel/cmdline.h"
#include "kernel/format.h"
#include "kernel/string.h"

enum kind { FLAG, TEXT, NUMBER, CHOICE };
enum { SHOWN_MAX = 40 };

/* One word: FLAG fills a bool, TEXT a char[max], NUMBER a u64, CHOICE an unsigned, its place in choices. */
struct option {
	const char *word;
	enum kind kind;
	size_t offset;
	u64 min, max;
	const char *const *choices;
	const char *what; /* a TEXT is */
};

#define AT(member)   offsetof(struct options, member)
#define ROOM(member) sizeof((struct options *)0)->member

static const char *const selftests[] = { [SELFTEST_NONE] = "none",
					 [SELFTEST_EXCEPTION] = "exception",
					 [SELFTEST_NMI] = "nmi",
					 [SELFTEST_MCE] = "mce",
					 [SELFTEST_HANG] = "hang",
					 [SELFTEST_LEAK] = "leak",
					 [SELFTEST_GUARD] = "guard",
					 [SELFTEST_WX] = "wx",
					 [SELFTEST_SILENT] = "silent",
					 [SELFTEST_HAND_OVER] = "handover",
					 NULL };

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
	{ .word = "LIST", .kind = FLAG, .offset = AT(list) },
	{ .word = "BENCH", .kind = FLAG, .offset = AT(bench) },
	{ .word = "PASID", .kind = NUMBER, .offset = AT(pasid), .max = 1048575 },
	{ .word = "deadline", .kind = NUMBER, .offset = AT(deadline_ms), .min = 1, .max = 3600000 },
	{ .word = "selftest", .kind = CHOICE, .offset = AT(selftest), .choices = selftests },
};

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
	case TEXT:
		return format(out, size, " %s=%s", o->word, o->what);
	case NUMBER:
		return format(out, size, " %s=%lu..%lu", o->word, o->min, o->max);
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

/* Decimal, or hexadecimal after 0x. */
static bool read_number(const char *s, size_t n, u64 max, u64 *out)
{
	bool hex = n > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X');
	unsigned base = hex ? 16 : 10;
	u64 v = 0;

	for (size_t i = hex ? 2 : 0; i < n; i++) {
		if (digit(s[i]) >= base)
			return false;
		v = v * base + digit(s[i]);
		/* What is too large already stays so, and cannot wrap: max is far from the end. */
		if (v > max)
			v = max + 1;
	}
	*out = v;
	return n;
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
	u64 number;

	if (o->kind == FLAG) {
		if (value)
			return complain(c, "takes no value");
		*(bool *)to = true;
		return true;
	}
	if (!value || !n)
		return complain(c, "needs a value");
	switch (o->kind) {
	case NUMBER:
		if (!read_number(value, n, o->max, &number))
			return complain(c, "is not a number");
		if (number < o->min || number > o->max)
			return complain(c, "is out of range");
		*(u64 *)to = number;
		return true;
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
