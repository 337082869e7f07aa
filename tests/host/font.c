#include "kernel/font.h"

/* A font for host tests: all characters differ, and differ upside down and mirrored too; a blank is blank. */
/* clang-format off */
#define ONE(c)                                                       \
	{                                                            \
		0x80, (c), (u8)((c)*3), [14] = (c) >> 1, [15] = 0x03 \
	}
/* clang-format on */
#define FIVE(c) ONE(c), ONE((c) + 1), ONE((c) + 2), ONE((c) + 3), ONE((c) + 4)

const u8 font[FONT_LAST - FONT_FIRST + 1][FONT_HEIGHT] = {
	{ 0 },     FIVE(33),  FIVE(38),  FIVE(43), FIVE(48), FIVE(53), FIVE(58), FIVE(63),
	FIVE(68),  FIVE(73),  FIVE(78),  FIVE(83), FIVE(88), FIVE(93), FIVE(98), FIVE(103),
	FIVE(108), FIVE(113), FIVE(118), ONE(123), ONE(124), ONE(125), ONE(126),
};
