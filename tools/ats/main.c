/*
 * A device with a device TLB, for QEMU's vhost-user-rng-pci with iommu_platform=on,ats=on. It serves one QEMU on a connected socket, as a
 * process of its own: what it does to memory is concurrent with everything else. What a guest may ask of it is in
 * kernel/ats_device.h. It ends when QEMU does.
 *
 *	ats FD
 */
#include "tools/ats/device.h"
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { MESSAGE_MAX_S = 10 };

int main(int argc, char **argv)
{
	static struct device d = { .back = -1, .ring = { .kick = -1, .call = -1 } };
	char *end = NULL;
	long fd = argc == 2 ? strtol(argv[1], &end, 10) : -1;
	if (fd < 0 || fd > 1 << 20 || !end || *end)
		fail("say the number of a connected socket: ats FD");
	d.socket = (int)fd;
	struct timeval limit = { .tv_sec = MESSAGE_MAX_S };
	if (setsockopt(d.socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit))
		fail("file descriptor %ld is no socket", fd);
	for (;;) {
		u64 kicks;
		device_serve(&d, DEVICE_KICK, ~0ull);
		if (read(d.ring.kick, &kicks, sizeof kicks) != sizeof kicks)
			fail("a queue's eventfd is none");
		ring_serve(&d);
	}
}
