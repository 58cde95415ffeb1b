#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
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

// Sanitizers look at the buffers of glibc's functions, which a bare system call would keep from them.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define CALLS_OF_GLIBC
#endif
#endif

#ifdef CALLS_OF_GLIBC
ssize_t clinux_recv(int socket, void *buffer, size_t count) { return recv(socket, buffer, count, 0); }
ssize_t clinux_send(int socket, const void *buffer, size_t count, int flags) {
    return send(socket, buffer, count, flags);
}
ssize_t clinux_read(int descriptor, void *buffer, size_t count) { return read(descriptor, buffer, count); }
ssize_t clinux_write(int descriptor, const void *buffer, size_t count) { return write(descriptor, buffer, count); }
#else
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
#endif

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

int clinux_drop_newcomers(int listener) {
    enum { FLAGS_OFFSET = 13, SYN = 0x02, ACK = 0x10 };
    // The program sees the segment from its TCP header on (socket(7), SO_ATTACH_FILTER).
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, FLAGS_OFFSET),
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, SYN | ACK),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYN, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0),
        BPF_STMT(BPF_RET | BPF_K, ~0U),
    };
    struct sock_fprog program = {.len = sizeof code / sizeof code[0], .filter = code};
    return setsockopt(listener, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}
