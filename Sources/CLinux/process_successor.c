// The program that takes our place: a new wsbridge, with our listening sockets, while we go on until our sessions end.
//
// It is made by CLONE_PARENT, so it is no child of ours but a sibling: the service manager that started us hears of its
// end itself, and no look at what our sessions left behind finds it. As in process_spawn.c, CLONE_VM | CLONE_VFORK
// borrows our memory until execve, and on the child's side there are raw system calls only.
//
//     | 0 1 2 | listening sockets … | the socket to us | whatever else is open is close-on-exec
//             3
#define _GNU_SOURCE
#include "child_side.h"
#include "clinux_process.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    STACK_BYTES = 64 * 1024,
    FIRST_DESCRIPTOR = 3,  // sd_listen_fds(3)
};

struct attempt {
    const struct clx_successor *successor;
    volatile int error;
};

/// The pid of a process is known to itself before it is to us.
CHILD_SIDE static void write_decimal(char *place, long number) {
    char digits[24];
    int count = 0;
    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    while (count > 0) *place++ = digits[--count];
    *place = 0;
}

CHILD_SIDE static int successor_main(void *argument) {
    struct attempt *attempt = argument;
    const struct clx_successor *successor = attempt->successor;
    long pid = syscall(SYS_getpid);
    for (int i = 0; i < CLX_PID_PLACES; i += 1)
        if (successor->pid_places[i] != NULL) write_decimal(successor->pid_places[i], pid);
    for (int i = 0; i < successor->count; i += 1)
        if (syscall(SYS_dup3, successor->descriptors[i], FIRST_DESCRIPTOR + i, 0) < 0) goto failed;
    uint64_t limits[2] = {successor->open_files.soft, successor->open_files.hard};
    syscall(SYS_prlimit64, 0, successor->open_files.resource, limits, NULL);
    const uint64_t nothing = 0;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &nothing, NULL, KERNEL_SIGSET_BYTES);
    syscall(SYS_execve, successor->program, successor->arguments, successor->environment);
failed:
    attempt->error = errno;
    for (;;) syscall(SYS_exit_group, 127);
}

/// Above every place that the successor's descriptors take, so that none is overwritten before it is copied.
static int lift(int *descriptors, int count) {
    for (int i = 0; i < count; i += 1) {
        descriptors[i] = fcntl(descriptors[i], F_DUPFD_CLOEXEC, FIRST_DESCRIPTOR + count);
        if (descriptors[i] < 0) {
            int error = errno;
            while (i-- > 0) close(descriptors[i]);
            errno = error;
            return -1;
        }
    }
    return 0;
}

int clx_start_successor(struct clx_successor *successor) {
    const int protection = PROT_READ | PROT_WRITE, kind = MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK;
    char *stack = mmap(NULL, STACK_BYTES, protection, kind, -1, 0);
    if (stack == MAP_FAILED) return -1;
    if (lift(successor->descriptors, successor->count) < 0) {
        int error = errno;
        munmap(stack, STACK_BYTES);
        errno = error;
        return -1;
    }
    struct attempt attempt = {.successor = successor, .error = 0};
    sigset_t everything, before;
    sigfillset(&everything);
    pthread_sigmask(SIG_SETMASK, &everything, &before);
    const int flags = CLONE_VM | CLONE_VFORK | CLONE_PARENT | CLONE_PIDFD | SIGCHLD;
    successor->pid = clone(successor_main, stack + STACK_BYTES, flags, &attempt, &successor->pidfd);
    int error = successor->pid < 0 ? errno : attempt.error;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    for (int i = 0; i < successor->count; i += 1) close(successor->descriptors[i]);
    munmap(stack, STACK_BYTES);
    if (error == 0) return 0;
    if (successor->pid > 0) close(successor->pidfd);
    errno = error;
    return -1;
}

int clx_signal_process(int pidfd, int number) {
    return (int)syscall(SYS_pidfd_send_signal, pidfd, number, NULL, 0);
}
