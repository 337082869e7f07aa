/* Memory, which is one. Whatever a store buffer can hold a store to has an address. */
#define CONTENT(frame)    (frame)
#define PTE(place)        (FRAMES + (place))
#define WORD(n)           (PTE(PLACES) + (n))
#define LOCK(n)           (WORD(WORDS) + (n))
#define REF(frame)        (LOCK(LOCKS) + (frame))
#define INSIDE(who)       (REF(FRAMES) + (who)) /* odd between cli and sti */
#define TOLD(from, whom)  (INSIDE(AGENTS) + (from) * AGENTS + (whom))
byte mem[TOLD(AGENTS, 0)];

/* A PTE that is not present is 0 (EMPTY) or the symbol of a tag. */
#define WRITABLE 1 /* or may be executed by users: no listing is about both */
#define ACCESSED 2
#define DIRTY    4
#define MARKED   8 /* by software */
#define PRESENT  128
#define GRANTS_MORE(rights) ((rights) != RO && (rights) != SUPERVISOR_RX)
#define LEAF(frame, bits)  (PRESENT | ((frame) << 4) | (bits))
#define FRAME_OF(leaf)     (((leaf) >> 4) & 7)
#define HAS(leaf, bits)    (((leaf) & (bits)) == (bits))
#define SYMBOL_OF(leaf) \
	(((leaf) & PRESENT) -> (HAS(leaf, MARKED) -> SPECIAL : MARK(FRAME_OF(leaf))) : ((leaf) == 0 -> EMPTY : (leaf)))

/*
 * A cache holds a set of entries for a place: a frame, and whether it may be written, and whether D
 * was set then.
 */
#define ENTRIES (FRAMES * KINDS)
#define KINDS   3
#define READ_ONLY 0
#define CLEAN     1
#define WRITTEN   2
#define KIND_OF(leaf)  (((leaf) & WRITABLE) -> (((leaf) & DIRTY) -> WRITTEN : CLEAN) : READ_ONLY)
#define ENTRY_OF(leaf) (FRAME_OF(leaf) * KINDS + KIND_OF(leaf))
#define FAULT   255 /* instead of a frame */
#define REFUSED 254 /* by an entry, and no fault recorded */

/* Caches: each CPU's TLB, and this. */
#define IOTLB CPUS
short cached[(CPUS + 1) * PLACES];
#define CACHED(cache, place)      cached[(cache) * PLACES + (place)]
#define IS_CACHED(cache, place, entry) ((CACHED(cache, place) >> (entry)) & 1)

/* Store buffers: first in, first out. A device has none. */
typedef buffer {
	byte count;
	byte at[STORES];
	byte what[STORES]
};
buffer stores[CPUS];
#define DRAINED(who)         (who >= CPUS || stores[who].count == 0)
#define IS_DRAINED(cpu, any) (stores[cpu].count == 0)

/* What `who` reads: its own youngest store to there (listing.c), or memory. */
#define SEE(who, address) OWN_STORE(who, address, mem[address])

/* CPUs that have left the space, a set: their walks find nothing. The IOMMU's go on. */
byte left;
#define WALKED(cache, place) (((left >> (cache)) & 1) -> 0 : SEE(cache, PTE(place)))
