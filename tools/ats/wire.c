#include "tools/ats/wire.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEADER = 12 };
_Static_assert(offsetof(struct wire, size) == HEADER - 4, "the header has no holes");

void fail(const char *sentence, ...)
{
	va_list args;
	va_start(args, sentence);
	fputs("ats: ", stderr);
	vfprintf(stderr, sentence, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

/* The sockets have a time limit, so that a message that stops half-way ends the program. */
static size_t receive(int socket, void *to, size_t size, struct wire *m)
{
	union {
		char bytes[CMSG_SPACE(sizeof m->fd)];
		struct cmsghdr align;
	} control;
	size_t have = 0;
	while (have < size) {
		struct iovec part = { (u8 *)to + have, size - have };
		struct msghdr h = { .msg_iov = &part,
				    .msg_iovlen = 1,
				    .msg_control = control.bytes,
				    .msg_controllen = sizeof control };
		ssize_t n = recvmsg(socket, &h, MSG_CMSG_CLOEXEC);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		have += (size_t)n;
		struct cmsghdr *c = CMSG_FIRSTHDR(&h);
		if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
			if (m->fd[0] >= 0)
				fail("a message brought file descriptors twice");
			memcpy(m->fd, CMSG_DATA(c), c->cmsg_len - CMSG_LEN(0));
		}
		if (h.msg_flags & MSG_CTRUNC)
			fail("a message brought more than %d file descriptors", WIRE_FDS);
	}
	return have;
}

bool wire_receive(int socket, struct wire *m)
{
	memset(m, 0, sizeof *m);
	memset(m->fd, -1, sizeof m->fd);
	size_t have = receive(socket, m, HEADER, m);
	if (!have)
		return false;
	if (have < HEADER)
		fail("a message ended in its header, after %zu bytes", have);
	if ((m->flags & 3) != WIRE_VERSION)
		fail("message %u is of version %u, and only %d is spoken here", m->request,
		     m->flags & 3, WIRE_VERSION);
	if (m->size > sizeof m->p)
		fail("message %u says that it has %u bytes, and none has more than %zu", m->request,
		     m->size, sizeof m->p);
	have = receive(socket, &m->p, m->size, m);
	if (have < m->size)
		fail("message %u ended after %zu bytes of %u", m->request, have, m->size);
	return true;
}

static void transmit(int socket, const void *from, size_t size)
{
	for (size_t sent = 0; sent < size;) {
		ssize_t n = send(socket, (const u8 *)from + sent, size - sent, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EPIPE || errno == ECONNRESET))
			exit(0);
		if (n < 0)
			fail("a message could not be sent: %s", strerror(errno));
		sent += (size_t)n;
	}
}

void wire_send(int socket, const struct wire *m)
{
	u8 bytes[HEADER + sizeof m->p];
	memcpy(bytes, m, HEADER);
	memcpy(bytes + HEADER, &m->p, m->size);
	transmit(socket, bytes, HEADER + m->size);
}

int wire_take(struct wire *m, unsigned i)
{
	int fd = m->fd[i];
	m->fd[i] = -1;
	return fd;
}

void wire_done(struct wire *m)
{
	for (unsigned i = 0; i < WIRE_FDS; i++)
		if (m->fd[i] >= 0)
			close(m->fd[i]);
}
