#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clinux_accept4(int listener, struct sockaddr *address, socklen_t *length, int flags) {
    return accept4(listener, address, length, flags);
}

int clinux_pipe2(int ends[2], int flags) {
    return pipe2(ends, flags);
}

ssize_t clinux_recv(int socket, void *buffer, size_t count) {
    return syscall(SYS_recvfrom, socket, buffer, count, 0, NULL, NULL);
}

ssize_t clinux_send(int socket, const void *buffer, size_t count, int flags) {
    return syscall(SYS_sendto, socket, buffer, count, flags, NULL, 0);
}

ssize_t clinux_read(int descriptor, void *buffer, size_t count) {
    return syscall(SYS_read, descriptor, buffer, count);
}

ssize_t clinux_write(int descriptor, const void *buffer, size_t count) {
    return syscall(SYS_write, descriptor, buffer, count);
}

int clinux_usable_cores(void) {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
}

int clinux_unacknowledged(int socket) {
    int count = 0;
    return ioctl(socket, SIOCOUTQ, &count) == 0 ? count : -1;
}

bool clinux_semaphore_wait(sem_t *semaphore, uint32_t milliseconds) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += milliseconds / 1000;
    until.tv_nsec += milliseconds % 1000 * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_sec += 1;
        until.tv_nsec -= 1000000000L;
    }
    int answer;
    do {
        answer = sem_clockwait(semaphore, CLOCK_MONOTONIC, &until);
    } while (answer != 0 && errno == EINTR);
    return answer == 0;
}
