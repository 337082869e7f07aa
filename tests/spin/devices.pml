/* Devices. */

inline read_lands(who, to, what)
{
	d_step {
		if
		:: frame == FAULT -> SAW(to, BLOCKED)
		:: else -> SAW(to, what); landed(who)
		fi;
		frame = 0
	}
}

inline write_lands(who, symbol, to)
{
	d_step {
		if
		:: frame == FAULT -> SAW(to, BLOCKED)
		:: frame == REFUSED -> SAW(to, UNRECORDED)
		:: else ->
			SAW(to, LANDED);
			mem[CONTENT(frame)] = symbol;
			landed(who)
		fi;
		frame = 0
	}
}

inline dma_read(who, place, to, c)
{
	atomic {
		READ_AHEAD(who, place, 0, ACCESSED)
		translate_read(IOTLB, place);
		dma_start(who, place);
		IN_FLIGHT
		read_lands(who, to, mem[CONTENT(frame)])
	}
}

inline dma_read_mark(who, place, to, c)
{
	atomic {
		READ_AHEAD(who, place, 0, ACCESSED)
		translate_read(IOTLB, place);
		dma_start(who, place);
		IN_FLIGHT
		read_lands(who, to, MARK(frame))
	}
}

inline dma_write(who, place, symbol, to)
{
	atomic {
		READ_AHEAD(who, place, WRITABLE, ACCESSED | DIRTY)
		translate_write(IOTLB, place);
		dma_start(who, place);
		IN_FLIGHT
		write_lands(who, symbol, to)
	}
}

/* Of each device: is there a request, and the answer, 1 + SUCCESS or INVALID. */
bool page_asked[AGENTS * PLACES];
byte page_answer[AGENTS * PLACES];
#define PAGE_OF(who, place) ((who) * PLACES + (place))

/* What the IOMMU has of the page did not help: it goes (VT-d 6.5.3.1). */
inline page_request(who, place, b, c)
{
	d_step {
		UNIT_IS_FREE ->
		page_asked[PAGE_OF(who, place)] = true;
		forget(IOTLB, place)
	}
}

/* Of several any may be at hand. */
inline page_response(who, place, response, c)
{
	atomic {
		DRAINED(who);
		if
		:: page_asked[PAGE_OF(CPUS, place)] -> frame = CPUS
		:: page_asked[PAGE_OF(CPUS + 1, place)] -> frame = CPUS + 1
		fi;
		page_asked[PAGE_OF(frame, place)] = false;
		page_answer[PAGE_OF(frame, place)] = 1 + response;
		frame = 0
	}
}

inline page_wait(who, place, to, c)
{
	d_step {
		page_answer[PAGE_OF(who, place)] != 0 ->
		SAW(to, (page_answer[PAGE_OF(who, place)] == 1 + SUCCESS -> YES : NO));
		page_answer[PAGE_OF(who, place)] = 0
	}
}
