/* Pure: Multiboot 2 information. */
#include "boot/multiboot2.h"
#include "boot/ram.h"
#include "boot/screen.h"
#include "boot/text.h"
#include "kernel/format.h"
#include "kernel/string.h"

/* Multiboot 2 specification, 3.4: total size and a reserved word, then tags on 8-byte boundaries. */
enum { INFO_HEAD = 8, INFO_MAX = 1024 * 1024, TAG_HEAD = 8, TAG_ALIGN = 8 };

/* 3.6: the tags that are read. */
enum tag {
	END = 0,
	CMDLINE = 1,
	LOADER = 2,
	MEMORY_MAP = 6,
	FRAMEBUFFER = 8,
	RSDP_OLD = 14,
	RSDP_NEW = 15
};
/* 3.6.8 */
enum { MAP_ENTRY_SIZE = 8, MAP_ENTRIES = 16 };
/* 3.6.12; the colour information is at 32, as loaders and their header files have it. */
enum { FB_ADDRESS = 8, FB_PITCH = 16, FB_WIDTH = 20, FB_HEIGHT = 24, FB_BPP = 28, FB_TYPE = 29 };
enum { FB_COLOURS = 32, FB_RGB = 1, FB_TEXT = 2, FB_END = 38 };
enum { RSDP_V1 = 20, RSDP_V2 = 36 };

struct info {
	struct firmware *fw;
	struct boot_info *out;
};

static void command_line(struct info *in, const u8 *tag, u32 size)
{
	struct boot_info *out = in->out;

	out->cmdline_cut =
		!text_copy(out->cmdline, sizeof out->cmdline, tag + TAG_HEAD, size - TAG_HEAD);
	if (out->cmdline_cut)
		firmware_problem(in->fw, "multiboot2: command line longer than %u bytes: cut",
				 BOOT_CMDLINE_MAX - 1);
}

static void loader(struct info *in, const u8 *tag, u32 size)
{
	static const char prefix[] = "multiboot2: ";
	char *out = in->out->loader_name;

	memcpy(out, prefix, sizeof prefix);
	text_copy(out + sizeof prefix - 1, sizeof in->out->loader_name - sizeof prefix + 1,
		  tag + TAG_HEAD, size - TAG_HEAD);
}

static void memory_map(struct info *in, const u8 *tag, u32 size)
{
	u32 stride = le32(tag + MAP_ENTRY_SIZE);

	if (stride < RAM_ENTRY || stride > size) {
		firmware_problem(in->fw, "multiboot2: memory map entries of %u bytes: ignored",
				 stride);
		return;
	}
	ram_map(in->out, tag + MAP_ENTRIES, (size - MAP_ENTRIES) / stride, stride);
}

static void rsdp(struct info *in, const u8 *tag, u32 size)
{
	(void)size;
	struct boot_info *out = in->out;
	unsigned len = le32(tag) == RSDP_NEW ? RSDP_V2 : RSDP_V1;

	/* The old one does not take the place of the new one, wherever they stand. */
	if (len < out->rsdp_len)
		return;
	memset(out->rsdp, 0, sizeof out->rsdp);
	memcpy(out->rsdp, tag + TAG_HEAD, len);
	out->rsdp_len = len;
}

/* Left as SCREEN_NONE if it is of no use: the log has other ways out. */
static void framebuffer(struct info *in, const u8 *tag, u32 size)
{
	struct boot_info *out = in->out;

	out->fb = (struct pa){ le64(tag + FB_ADDRESS) };
	out->fb_pitch = le32(tag + FB_PITCH);
	out->fb_width = le32(tag + FB_WIDTH);
	out->fb_height = le32(tag + FB_HEIGHT);
	out->fb_bpp = tag[FB_BPP];
	if (tag[FB_TYPE] == FB_TEXT) {
		out->screen = SCREEN_TEXT;
	} else if (tag[FB_TYPE] == FB_RGB && size >= FB_END) {
		out->screen = SCREEN_RGB;
		out->red_pos = tag[FB_COLOURS];
		out->red_size = tag[FB_COLOURS + 1];
		out->green_pos = tag[FB_COLOURS + 2];
		out->green_size = tag[FB_COLOURS + 3];
		out->blue_pos = tag[FB_COLOURS + 4];
		out->blue_size = tag[FB_COLOURS + 5];
	}
	if (screen_usable(out))
		return;
	out->screen = SCREEN_NONE;
	firmware_problem(in->fw,
			 "multiboot2: framebuffer type %u, %ux%u, %u bits, pitch %u: not used",
			 tag[FB_TYPE], out->fb_width, out->fb_height, out->fb_bpp, out->fb_pitch);
}

static const struct {
	u32 type, min;
	void (*read)(struct info *in, const u8 *tag, u32 size);
} readers[] = {
	{ CMDLINE, TAG_HEAD, command_line },     { LOADER, TAG_HEAD, loader },
	{ MEMORY_MAP, MAP_ENTRIES, memory_map }, { FRAMEBUFFER, FB_COLOURS, framebuffer },
	{ RSDP_OLD, TAG_HEAD + RSDP_V1, rsdp },  { RSDP_NEW, TAG_HEAD + RSDP_V2, rsdp },
};

static void tag_read(struct info *in, u32 at, const u8 *tag, u32 size)
{
	for (unsigned i = 0; i < ARRAY_SIZE(readers); i++) {
		if (readers[i].type != le32(tag))
			continue;
		if (size >= readers[i].min)
			readers[i].read(in, tag, size);
		else
			firmware_problem(in->fw,
					 "multiboot2: offset 0x%x: tag %u has %u bytes: skipped",
					 at, le32(tag), size);
	}
}

/* Up to the end tag; p has total readable bytes. */
static void tags_read(struct info *in, const u8 *p, u32 total)
{
	u32 at = INFO_HEAD;

	while (total - at >= TAG_HEAD) {
		u32 size = le32(p + at + 4);

		if (le32(p + at) == END)
			return;
		if (size < TAG_HEAD || size > total - at) {
			firmware_problem(
				in->fw,
				"multiboot2: offset 0x%x: size %u of a tag, %u bytes are left", at,
				size, total - at);
			return;
		}
		tag_read(in, at, p + at, size);
		size = (size + TAG_ALIGN - 1) & ~(TAG_ALIGN - 1u);
		if (size > total - at)
			break;
		at += size;
	}
	firmware_problem(in->fw, "multiboot2: offset 0x%x: no end tag", at);
}

bool multiboot2_read(struct firmware *fw, struct pa info, struct boot_range image,
		     struct boot_info *out)
{
	const u8 *p = fw->view(info, INFO_HEAD);
	u32 total = p ? le32(p) : 0;

	memset(out, 0, sizeof *out);
	out->loader = out->loader_name;
	memcpy(out->loader_name, "multiboot2", sizeof "multiboot2");
	if (total >= INFO_HEAD && total <= INFO_MAX)
		p = fw->view(info, total);
	else
		p = NULL;
	if (!p) {
		firmware_problem(fw, "multiboot2: no information of %u bytes at 0x%lx", total,
				 info.v);
		return false;
	}
	tags_read(&(struct info){ fw, out }, p, total);
	ram_remove(out, image);
	ram_remove(out, (struct boot_range){ info, total });
	ram_pages(out);
	if (out->ranges == 0)
		firmware_problem(fw, "multiboot2: no usable RAM in the memory map");
	return out->ranges != 0;
}
