/* Pure: text of numbers and strings, as printf makes it. */
#include "kernel/format.h"
#include "kernel/string.h"

/* Where the text goes: what does not fit is only counted. */
struct sink {
	char *out;
	size_t size, length;
};

/* One conversion: C11 7.21.6.1. */
struct spec {
	bool left, plus, space, alternate, zero;
	unsigned width, precision;
	bool precise;  /* a precision was given */
	unsigned size; /* of an integer argument, in bytes */
	char type;
};

enum { COUNT_MAX = 0x7fffffff, DIGITS_MAX = 20 };

static void put_text(struct sink *s, const char *text, size_t n)
{
	if (s->length < s->size) {
		size_t room = s->size - s->length;

		memcpy(s->out + s->length, text, n < room ? n : room);
	}
	s->length += n;
}

static void put_fill(struct sink *s, char c, size_t n)
{
	if (s->length < s->size) {
		size_t room = s->size - s->length;

		memset(s->out + s->length, c, n < room ? n : room);
	}
	s->length += n;
}

/* [blanks] sign-or-0x [zeros] text [blanks] */
static void put_field(struct sink *s, const struct spec *f, const char *prefix, size_t zeros,
		      const char *text, size_t n)
{
	size_t length = strlen(prefix) + zeros + n;
	size_t blanks = f->width > length ? f->width - length : 0;

	if (!f->left)
		put_fill(s, ' ', blanks);
	put_text(s, prefix, strlen(prefix));
	put_fill(s, '0', zeros);
	put_text(s, text, n);
	if (f->left)
		put_fill(s, ' ', blanks);
}

static void put_number(struct sink *s, const struct spec *f, const char *prefix, u64 v)
{
	bool hex = f->type != 'd' && f->type != 'u';
	const char *digits = f->type == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
	unsigned base = hex ? 16 : 10;
	char text[DIGITS_MAX];
	unsigned n = 0;
	size_t zeros = 0;

	for (; v; v /= base)
		text[DIGITS_MAX - ++n] = digits[v % base];
	if (f->precise)
		zeros = f->precision > n ? f->precision - n : 0;
	else if (!n)
		zeros = 1;
	if (f->zero && !f->left && !f->precise && f->width > strlen(prefix) + zeros + n)
		zeros = f->width - strlen(prefix) - n;
	put_field(s, f, prefix, zeros, text + DIGITS_MAX - n, n);
}

static void put_signed(struct sink *s, const struct spec *f, int64_t v)
{
	const char *sign = v < 0 ? "-" : f->plus ? "+" : f->space ? " " : "";

	put_number(s, f, sign, v < 0 ? -(u64)v : (u64)v);
}

static void put_string(struct sink *s, const struct spec *f, const char *text)
{
	size_t n = 0;

	if (!text)
		text = "(null)";
	while (!(f->precise && n >= f->precision) && text[n])
		n++;
	put_field(s, f, "", 0, text, n);
}

/* A number in the format, cut to what an int holds. */
static unsigned read_count(const char **p)
{
	u64 v = 0;

	for (; **p >= '0' && **p <= '9'; ++*p) {
		if (v < COUNT_MAX)
			v = v * 10 + (unsigned)(**p - '0');
	}
	return v < COUNT_MAX ? (unsigned)v : COUNT_MAX;
}

static bool read_flag(struct spec *f, char c)
{
	bool *flag = c == '-'   ? &f->left
		     : c == '+' ? &f->plus
		     : c == ' ' ? &f->space
		     : c == '#' ? &f->alternate
		     : c == '0' ? &f->zero
				: NULL;

	if (flag)
		*flag = true;
	return flag;
}

/* hh h l ll z; anything else is an int. */
static unsigned read_size(const char **p)
{
	static const struct {
		char name[3];
		u8 size;
	} sizes[] = { { "hh", sizeof(char) },
		      { "h", sizeof(short) },
		      { "ll", sizeof(long long) },
		      { "l", sizeof(long) },
		      { "z", sizeof(size_t) } };

	for (unsigned i = 0; i < ARRAY_SIZE(sizes); i++) {
		size_t n = strlen(sizes[i].name);

		if (!strncmp(*p, sizes[i].name, n)) {
			*p += n;
			return sizes[i].size;
		}
	}
	return sizeof(int);
}

struct arguments {
	va_list ap;
};

/* Reads what follows a "%"; the result is where it ends. */
static const char *read_spec(struct spec *f, const char *p, struct arguments *a)
{
	while (read_flag(f, *p))
		p++;
	if (*p == '*') {
		int width = va_arg(a->ap, int);

		p++;
		f->left |= width < 0;
		f->width = width < 0 ? -(unsigned)width : (unsigned)width;
	} else {
		f->width = read_count(&p);
	}
	if (*p == '.') {
		p++;
		f->precise = true;
		if (*p == '*') {
			int precision = va_arg(a->ap, int);

			p++;
			f->precise = precision >= 0;
			f->precision = precision < 0 ? 0 : (unsigned)precision;
		} else {
			f->precision = read_count(&p);
		}
	}
	f->size = read_size(&p);
	f->type = (char)(*p == 'i' ? 'd' : *p);
	return *p ? p + 1 : p;
}

/* Integers shorter than int come as int: the length says how much of it counts. */
static u64 read_integer(const struct spec *f, struct arguments *a)
{
	u64 v = f->size == sizeof(u64) ? va_arg(a->ap, u64) : va_arg(a->ap, unsigned);

	switch (f->size) {
	case 1:
		return f->type == 'd' ? (u64)(int8_t)v : (u8)v;
	case 2:
		return f->type == 'd' ? (u64)(int16_t)v : (u16)v;
	case 4:
		return f->type == 'd' ? (u64)(int32_t)v : (u32)v;
	default:
		return v;
	}
}

static bool convert(struct sink *s, const struct spec *f, struct arguments *a)
{
	u64 v;
	char c;

	switch (f->type) {
	case 'd':
		put_signed(s, f, (int64_t)read_integer(f, a));
		return true;
	case 'u':
	case 'x':
	case 'X':
		v = read_integer(f, a);
		put_number(s, f,
			   !f->alternate || !v || f->type == 'u' ? ""
			   : f->type == 'x'                      ? "0x"
								 : "0X",
			   v);
		return true;
	case 'p':
		put_number(s, f, "0x", (u64)va_arg(a->ap, void *));
		return true;
	case 's':
		put_string(s, f, va_arg(a->ap, const char *));
		return true;
	case 'c':
		c = (char)va_arg(a->ap, int);
		put_field(s, f, "", 0, &c, 1);
		return true;
	case '%':
		put_text(s, "%", 1);
		return true;
	default:
		return false;
	}
}

size_t vformat(char *out, size_t size, const char *fmt, va_list ap)
{
	struct sink s = { out, size ? size - 1 : 0, 0 };
	struct arguments a;

	va_copy(a.ap, ap);
	while (*fmt) {
		struct spec f = { 0 };
		const char *p = fmt;

		while (*p && *p != '%')
			p++;
		put_text(&s, fmt, (size_t)(p - fmt));
		fmt = p;
		if (!*p)
			break;
		p = read_spec(&f, p + 1, &a);
		if (!convert(&s, &f, &a))
			put_text(&s, fmt, (size_t)(p - fmt));
		fmt = p;
	}
	va_end(a.ap);
	if (size)
		out[s.length < size ? s.length : size - 1] = '\0';
	return s.length;
}

size_t format(char *out, size_t size, const char *fmt, ...)
{
	va_list ap;
	size_t n;

	va_start(ap, fmt);
	n = vformat(out, size, fmt, ap);
	va_end(ap);
	return n;
}
