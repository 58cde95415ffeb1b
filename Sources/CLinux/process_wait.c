// Descriptors for children, waiting for children, signals by name.
#define _GNU_SOURCE
#include "clinux_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

int clx_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int clx_pipe_size_set(int fd, int bytes) { return fcntl(fd, F_SETPIPE_SZ, bytes) < 0 ? -1 : 0; }

int clx_terminal_resize(int fd, uint16_t columns, uint16_t rows) {
    struct winsize size = {.ws_col = columns, .ws_row = rows};
    return ioctl(fd, TIOCSWINSZ, &size);
}

/// TIOCGPTPEER opens the slave through the master: right also where /dev/pts is another mount.
int clx_terminal_open(int *master, int *slave, uint16_t columns, uint16_t rows) {
    int unlocked = 0;
    *slave = -1;
    *master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (*master < 0) return -1;
    if (ioctl(*master, TIOCSPTLCK, &unlocked) == 0 && clx_terminal_resize(*master, columns, rows) == 0)
        *slave = ioctl(*master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (*slave >= 0) return 0;
    int error = errno;
    close(*master);
    errno = error;
    return -1;
}

int clx_reap_pidfd(int pidfd, int *code, int *status) {
    siginfo_t info;
    int answer;
    do {
        memset(&info, 0, sizeof info);
        answer = waitid((idtype_t)P_PIDFD, (id_t)pidfd, &info, WEXITED | WNOHANG);
    } while (answer < 0 && errno == EINTR);
    if (answer < 0) return -1;
    if (info.si_pid == 0) return 0;
    *code = info.si_code;
    *status = info.si_status;
    return 1;
}

/// __WNOTHREAD: the spawner thread's children, the sessions, are not looked at, however many they are.
int clx_peek_own_children(pid_t *zombie) {
    siginfo_t info;
    int answer;
    do {
        memset(&info, 0, sizeof info);
        answer = waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT | __WNOTHREAD);
    } while (answer < 0 && errno == EINTR);
    if (answer < 0) return -1;
    *zombie = info.si_pid;
    return info.si_pid != 0;
}

int clx_reap_own_child(pid_t pid) {
    siginfo_t info;
    int answer;
    do {
        answer = waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | __WNOTHREAD);
    } while (answer < 0 && errno == EINTR);
    return answer;
}

int clx_become_subreaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

void clx_thread_name(const uint8_t *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

const char *clx_signal_abbreviation(int signal) { return sigabbrev_np(signal); }
