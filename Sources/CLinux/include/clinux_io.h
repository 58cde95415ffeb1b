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

// Bytes the peer has not acknowledged yet (SIOCOUTQ), -1 on failure.
int clinux_unacknowledged(int socket);

#endif
