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

byte pages_asked[PLACES], pages_answered[PLACES];

inline page_request(who, place, b, c)
{
	pages_asked[place]++
}

inline page_response(who, place, b, c)
{
	d_step {
		DRAINED(who) && pages_asked[place] > 0 ->
		pages_asked[place]--;
		pages_answered[place]++
	}
}

inline page_wait(who, place, b, c)
{
	d_step { pages_answered[place] > 0 -> pages_answered[place]-- }
}
