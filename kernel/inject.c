#include "kernel/inject.h"

#ifdef INJECT
#include "kernel/print.h"

unsigned injected;
static bool done;

bool inject_once(enum inject what)
{
	return injected == what && !__atomic_exchange_n(&done, true, __ATOMIC_RELAXED);
}

void inject_begin(enum inject what)
{
	static const char *const words[] = {
		[INJECT_NONE] = "nothing",
		[INJECT_QUEUE] = "page-selective invalidations are not queued",
		[INJECT_WAIT] = "waits for invalidations return at once",
		[INJECT_SHOOTDOWN] = "shootdowns leave out a CPU",
		[INJECT_ENGINE] = "engines say done and have done nothing",
		[INJECT_LEAK] = "a frame is not put back",
		[INJECT_STATUS] = "waits go by the status word of an earlier one",
		[INJECT_TAIL] = "the tail is ahead of what page-selective invalidations say",
		[INJECT_DTLB] = "a device keeps what it says that it has dropped",
		[INJECT_STRAY] = "a store hits another line of the frame too",
	};

	note("injected: %s", words[what]);
	injected = what;
}
#endif
