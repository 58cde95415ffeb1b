#ifndef CLINUX_IO_H
#define CLINUX_IO_H
#include <semaphore.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/types.h>

// accept4(2) and pipe2(2) hide behind _GNU_SOURCE.
int clinux_accept4(int listener, struct sockaddr *address, socklen_t *length, int flags);
int clinux_pipe2(int ends[2], int flags);

// The processors this thread may run on, 0 when the kernel does not say.
int clinux_usable_cores(void);

// sem_clockwait(3) by CLOCK_MONOTONIC; false when the time is up.
bool clinux_semaphore_wait(sem_t *semaphore, uint32_t milliseconds);

// recv(2), send(2), read(2), write(2) without glibc's wrappers, which in a program with threads switch asynchronous
// cancellation on and off around each call: two locked instructions. No thread of ours is ever cancelled.
ssize_t clinux_recv(int socket, void *buffer, size_t count);
ssize_t clinux_send(int socket, const void *buffer, size_t count, int flags);
ssize_t clinux_read(int descriptor, void *buffer, size_t count);
ssize_t clinux_write(int descriptor, const void *buffer, size_t count);

// Lets a listening TCP socket take no new connection from now on, and finish those under way: a filter that drops every
// segment that begins one (SYN without ACK). Its sender tries again a second later, and finds whoever listens then.
int clinux_drop_newcomers(int listener);

// Bytes the peer has not acknowledged yet (SIOCOUTQ), -1 on failure.
int clinux_unacknowledged(int socket);

#endif
