// The guardian: a tiny process that outlives the server by the time it takes to end the server's children.
//
// PR_SET_PDEATHSIG reaches the direct child only, and nothing the server does can help after its own SIGKILL.
// Each child and whatever it starts bear a mark that they cannot take off (DescentMark.swift). The guardian holds
// one end of a socket; when that ends, the server is gone, and whoever bears one of its marks dies, whatever
// session, parent or environment it has by then. Nothing has to be told while the server lives.
//
// It is made by clone without an exit signal: the server's ordinary waits do not see it, so "no children"
// stays a cheap answer. It runs raw system calls on its copy of the stack only, so it may be made while
// threads exist.
#define _GNU_SOURCE
#include "clinux_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    PIDS_PER_PASS_MAX = 1 << 20,   // address space only: pages are touched as pids are listed
    QUIET_PASSES = 3,              // a process that forks while we read /proc may slip through one
    PASSES_MAX = 2000,             // about 10 s: who survives SIGKILL that long hangs in the kernel
    PASS_PAUSE_NANOSECONDS = 5 * 1000 * 1000,
};

static pid_t *map_pids(void) {
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    void *memory = mmap(NULL, PIDS_PER_PASS_MAX * sizeof(pid_t), PROT_READ | PROT_WRITE, flags, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

/// With its process group: whatever is in there descends from who began it, and so bears a mark too. In one
/// stroke, for it may fork faster than we count.
static void end(const struct clx_process_stat *process) {
    if (process->group > 1) kill(-process->group, SIGKILL);
    kill(process->pid, SIGKILL);
}

/// Kills whoever bears one of the marks; returns how many there were.
static size_t kill_pass(struct clx_mark_range marks, pid_t *pids) {
    const pid_t own = getpid();
    size_t found = 0;
    long listed = clx_process_list(pids, PIDS_PER_PASS_MAX);
    if (listed > PIDS_PER_PASS_MAX) listed = PIDS_PER_PASS_MAX;
    for (long i = 0; i < listed; i += 1) {
        uint64_t mark = pids[i] == own ? 0 : clx_process_mark(pids[i]);
        if (mark < marks.first || mark > marks.last) continue;
        struct clx_process_stat process;
        if (clx_process_stat(pids[i], &process) != 0) continue;
        if (process.state == 'Z' || process.state == 'X') continue;
        end(&process);
        found += 1;
    }
    return found;
}

/// A process may fork while a pass runs, so passes go on until some in a row find nothing.
static void end_all(struct clx_mark_range marks, pid_t *pids) {
    const struct timespec pause = {0, PASS_PAUSE_NANOSECONDS};
    int quiet = 0;
    for (int pass = 0; pass < PASSES_MAX && quiet < QUIET_PASSES; pass += 1) {
        if (pass > 0) nanosleep(&pause, NULL);
        quiet = kill_pass(marks, pids) == 0 ? quiet + 1 : 0;
    }
}

static void wait_for_end(int socket) {
    char nothing;
    ssize_t bytes;
    do {
        bytes = recv(socket, &nothing, 1, 0);
    } while (bytes > 0 || (bytes < 0 && errno == EINTR));
}

/// Own session: a Ctrl-C on the server's terminal does not reach it. Every other descriptor is closed, so it
/// holds no listener and no client, and its directory is the root, so it holds no mount.
static void detach(int socket) {
    prctl(PR_SET_NAME, "wsbridge-guard", 0, 0, 0);
    syscall(SYS_setsid);
    if (socket > 0) syscall(SYS_close_range, 0U, (unsigned)socket - 1, 0);
    syscall(SYS_close_range, (unsigned)socket + 1, ~0U, 0);
    if (chdir("/") != 0) return;
}

/// All signals are blocked by the caller: only SIGKILL ends it early. It bears a mark of its own server: a server
/// around ours would otherwise take it for a descendant of its own, and kill it before it has done its work.
static void guardian_main(int socket, struct clx_mark_range marks) {
    detach(socket);
    char can_mark = marks.last != 0 && clx_mark(marks.last) == 0;
    send(socket, &can_mark, 1, MSG_NOSIGNAL);
    pid_t *pids = map_pids();
    if (pids != NULL) {
        wait_for_end(socket);
        end_all(marks, pids);
    }
    for (;;) syscall(SYS_exit_group, 0);
}

pid_t clx_guard_start(struct clx_mark_range marks, int *socket, bool *can_mark) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return -1;
    sigset_t everything, before;
    sigfillset(&everything);
    sigprocmask(SIG_SETMASK, &everything, &before);
    pid_t pid = (pid_t)syscall(SYS_clone, 0UL, NULL, NULL, NULL, 0UL);
    if (pid == 0) {
        guardian_main(ends[1], marks);  // closes ends[0] with the rest
    }
    int error = errno;
    sigprocmask(SIG_SETMASK, &before, NULL);
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        errno = error;
        return -1;
    }
    // Until it has closed its copies of our descriptors our listeners would answer, even after the server has ended.
    char ready = 0;
    while (recv(ends[0], &ready, 1, 0) < 0 && errno == EINTR) continue;
    *socket = ends[0];
    *can_mark = ready != 0;
    return pid;
}

/// It never says anything more: what there is to receive is its end.
bool clx_guard_lives(int socket) {
    char nothing;
    return recv(socket, &nothing, 1, MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EINTR);
}

void clx_guard_reap(pid_t guardian) { waitpid(guardian, NULL, __WCLONE | WNOHANG); }
