/* Pure: U01, descriptors that the unit must refuse, reserved types, granularities, bits; and some that it must not. */
#include "tests/unit/rows.h"

#define ANY(id, sentence, word, from, to, ...)                                                    \
	{                                                                                         \
		.row = { "U01." id, sentence, UNIT_READS, NULL }, .low = (word), .first = (from), \
		.last = (to), __VA_ARGS__                                                         \
	}
#define BITS(id, sentence, word, from, to) \
	ANY("refused_" id, sentence, word, from, to, .taken = false)
#define WHOLE(id, sentence, low) BITS(id, sentence, low, UNIT_AS_IT_STANDS, 0)

#define TAKEN(id, sentence, word, ...) \
	ANY("taken_" id, sentence, word, UNIT_AS_IT_STANDS, 0, .taken = true, __VA_ARGS__)

/* Type, and G in bits 5:4: global, or all of a PASID; SW of a wait. */
enum {
	CC = 0x11,
	IOTLB = 0x12,
	DTLB = 0x03,
	IEC = 0x04,
	IEC_INDEX = 0x14,
	WAIT = 0x25,
	PIOTLB = 0x26,
	PC = 0x37
};
/* MIP=1, as 0 is 32. */
enum { PDTLB = 0x18 };

static const struct refused_row refused[] = {
	WHOLE("type_0", "type 0", 0x00),
	WHOLE("type_10", "type 10, of host permission tables, without ECAP.HPTS", 0x1a),
	WHOLE("type_11", "type 11", 0x0b),
	WHOLE("type_15", "type 15", 0x0f),
	BITS("type_high", "a type with bits 11 to 9", CC, 9, 11),
	WHOLE("cc_0", "context cache, G=0", 0x01),
	WHOLE("iotlb_0", "IOTLB, G=0", 0x02),
	WHOLE("piotlb_0", "PASID-IOTLB, G=0", 0x06),
	WHOLE("piotlb_1", "PASID-IOTLB, G=1", 0x16),
	WHOLE("pc_2", "PASID cache, G=2", 0x27),
	ANY("refused_iotlb_am", "IOTLB, a page, AM=MAMV+1", 0x32, UNIT_AS_IT_STANDS, 0,
	    .too_large = true),
	/* MAMV is of the other alone (11.4.2). */
	ANY("taken_piotlb_am", "PASID-IOTLB, a page, AM=MAMV+1: not to be refused", 0x36,
	    UNIT_AS_IT_STANDS, 0, .too_large = true, .taken = true),
	/*
	 * What they make the unit forget no case shows: nothing here remaps interrupts, and emulation reads the table anew for
	 * each of them, so that nothing stale could be met.
	 */
	TAKEN("iec_global", "interrupt entry cache, global", IEC, .widest = false),
	TAKEN("iec_first", "interrupt entry cache, the first index", IEC_INDEX, .widest = false),
	TAKEN("iec_last", "interrupt entry cache, the last index", IEC_INDEX | 0xffffull << 32,
	      .widest = false),
	TAKEN("iec_mask", "interrupt entry cache, as many indexes as IM may say", IEC_INDEX,
	      .widest = true),
	BITS("cc_low", "context cache, above G", CC, 6, 8),
	BITS("cc_high", "context cache, above FM", CC, 50, 63),
	BITS("cc_second", "context cache, second word", CC, 64, 127),
	BITS("cc_words", "context cache, upper half of 256 bits", CC, 128, 255),
	BITS("iotlb_8", "IOTLB, above DR", IOTLB, 8, 8),
	BITS("iotlb_low", "IOTLB, below the domain id", IOTLB, 12, 15),
	BITS("iotlb_high", "IOTLB, above the domain id", IOTLB, 32, 63),
	BITS("iotlb_second", "IOTLB, above IH", IOTLB, 71, 75),
	BITS("iotlb_words", "IOTLB, upper half of 256 bits", IOTLB, 128, 255),
	BITS("dtlb_low", "device TLB, above the type", DTLB, 4, 8),
	BITS("dtlb_pfsid_low", "device TLB, PFSID 3:0", DTLB, 12, 15),
	BITS("dtlb_middle", "device TLB, below the requester", DTLB, 21, 31),
	BITS("dtlb_high", "device TLB, above the requester", DTLB, 48, 51),
	BITS("dtlb_pfsid_high", "device TLB, PFSID 15:4", DTLB, 52, 63),
	BITS("dtlb_second", "device TLB, above S", DTLB, 65, 75),
	BITS("dtlb_words", "device TLB, upper half of 256 bits", DTLB, 128, 255),
	BITS("pdtlb_pfsid_low", "PASID-based device TLB, PFSID 3:0", PDTLB, 12, 15),
	BITS("pdtlb_pfsid_high", "PASID-based device TLB, PFSID 15:4", PDTLB, 52, 63),
	BITS("pdtlb_second", "PASID-based device TLB, above G", PDTLB, 65, 74),
	BITS("pdtlb_words", "PASID-based device TLB, upper half of 256 bits", PDTLB, 128, 255),
	BITS("iec_g", "interrupt entry cache, above G, below the type's upper part", IEC, 5, 8),
	BITS("iec_low", "interrupt entry cache, below IM", IEC, 12, 26),
	BITS("iec_high", "interrupt entry cache, above the index", IEC, 48, 63),
	BITS("iec_second", "interrupt entry cache, second word", IEC, 64, 127),
	BITS("iec_words", "interrupt entry cache, upper half of 256 bits", IEC, 128, 255),
	BITS("wait_8", "wait, above PD", WAIT, 8, 8),
	BITS("wait_second", "wait, below the status address", WAIT, 64, 65),
	BITS("wait_low", "wait, below the status data", WAIT, 12, 31),
	BITS("wait_words", "wait, upper half of 256 bits", WAIT, 128, 255),
	BITS("piotlb_g", "PASID-IOTLB, above G", PIOTLB, 6, 8),
	BITS("piotlb_low", "PASID-IOTLB, below the domain id", PIOTLB, 12, 15),
	BITS("piotlb_high", "PASID-IOTLB, above the PASID", PIOTLB, 52, 63),
	BITS("piotlb_second", "PASID-IOTLB, above IH", PIOTLB, 71, 75),
	BITS("piotlb_words", "PASID-IOTLB, upper half of 256 bits", PIOTLB, 128, 255),
	BITS("pc_g", "PASID cache, above G", PC, 6, 8),
	BITS("pc_low", "PASID cache, below the domain id", PC, 12, 15),
	BITS("pc_high", "PASID cache, above the PASID", PC, 52, 63),
	BITS("pc_second", "PASID cache, bits of the second word", PC, 64, 71),
	BITS("pc_words", "PASID cache, bits of the upper half of 256 bits", PC, 188, 195),
};
UNIT_TABLE(refused, unit_refused, "VT-d 6.5.2, 6.5.2.11, 11.4 Fault Status (IQE)");
