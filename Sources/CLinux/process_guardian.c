// The guardian: a tiny process that outlives the server by the time it takes to end the server's children.
//
// PR_SET_PDEATHSIG reaches the direct child only, and nothing the server does can help after its own SIGKILL.
// The guardian hears of every session over a socket: "add" from the child itself before it becomes the
// program, "remove" from the server after burial. When the socket ends, the server is gone, and what is still
// on the list dies: each process group, every process of those sessions, and every process that carries one
// of their UNIQUE_IDs in its environment (grandchildren that called setsid). A clean stop leaves an empty
// list: closing the socket is also how the guardian is told to go.
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
    ENTRIES_AT_START = 1024,
    PIDS_PER_PASS_MAX = 1 << 20,   // address space only: pages are touched as pids are listed
    QUIET_PASSES = 3,              // in the middle of execve a process has no environment to be found by
    PASSES_MAX = 500,              // about 10 s: who survives SIGKILL that long hangs in the kernel
    PASS_PAUSE_NANOSECONDS = 20 * 1000 * 1000,
};

struct entry {
    pid_t pid;
    uint64_t id[2];
};

struct registry {
    struct entry *entries;
    size_t count, capacity;
    pid_t *pids;
};

static void *map_memory(size_t bytes) {
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

static bool is_same_id(const uint64_t one[2], const uint64_t other[2]) {
    return one[0] == other[0] && one[1] == other[1];
}

static void add(struct registry *registry, const struct clx_guard_message *message) {
    if (registry->count == registry->capacity) {
        size_t bytes = registry->capacity * sizeof(struct entry);
        void *larger = mremap(registry->entries, bytes, 2 * bytes, MREMAP_MAYMOVE);
        if (larger == MAP_FAILED) return;  // the child still has its parent-death signal
        registry->entries = larger;
        registry->capacity *= 2;
    }
    registry->entries[registry->count++] = (struct entry){message->pid, {message->id[0], message->id[1]}};
}

/// From the end: most sessions are short, and the one that ends is often young.
static void remove_entry(struct registry *registry, const struct clx_guard_message *message) {
    for (size_t i = registry->count; i-- > 0;) {
        struct entry *entry = &registry->entries[i];
        if (entry->pid != message->pid || !is_same_id(entry->id, message->id)) continue;
        *entry = registry->entries[--registry->count];
        return;
    }
}

static bool has_session(const struct registry *registry, pid_t session) {
    for (size_t i = 0; i < registry->count; i += 1)
        if (registry->entries[i].pid == session) return true;
    return false;
}

static bool has_id(const struct registry *registry, const uint64_t id[2]) {
    for (size_t i = 0; i < registry->count; i += 1)
        if (is_same_id(registry->entries[i].id, id)) return true;
    return false;
}

/// Kills what belongs to the registry; returns how many processes were still there.
static size_t kill_pass(const struct registry *registry) {
    size_t found = 0;
    for (size_t i = 0; i < registry->count; i += 1) kill(-registry->entries[i].pid, SIGKILL);
    long listed = clx_process_list(registry->pids, PIDS_PER_PASS_MAX);
    if (listed > PIDS_PER_PASS_MAX) listed = PIDS_PER_PASS_MAX;
    for (long i = 0; i < listed; i += 1) {
        struct clx_process_stat stat;
        uint64_t id[2];
        if (clx_process_stat(registry->pids[i], &stat) != 0) continue;
        if (stat.state == 'Z' || stat.state == 'X') continue;
        if (!has_session(registry, stat.session)
            && !(clx_process_unique_id(stat.pid, id) && has_id(registry, id))) continue;
        kill(stat.pid, SIGKILL);
        found += 1;
    }
    return found;
}

/// A process may fork or execve while a pass runs, so passes go on until some in a row find nothing.
static void end_all(const struct registry *registry) {
    const struct timespec pause = {0, PASS_PAUSE_NANOSECONDS};
    int quiet = 0;
    for (int pass = 0; registry->count > 0 && pass < PASSES_MAX && quiet < QUIET_PASSES; pass += 1) {
        quiet = kill_pass(registry) == 0 ? quiet + 1 : 0;
        nanosleep(&pause, NULL);
    }
}

static void listen_until_end(int socket, struct registry *registry) {
    for (;;) {
        struct clx_guard_message message;
        ssize_t bytes = recv(socket, &message, sizeof message, 0);
        if (bytes == 0 || (bytes < 0 && errno != EINTR)) return;
        if (bytes != sizeof message || message.pid <= 1) continue;
        if (message.verb == CLX_GUARD_ADD) add(registry, &message);
        if (message.verb == CLX_GUARD_REMOVE) remove_entry(registry, &message);
    }
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

/// All signals are blocked by the caller: only SIGKILL ends it early.
static void guardian_main(int socket) {
    detach(socket);
    send(socket, "", 1, MSG_NOSIGNAL);
    struct registry registry = {
        .entries = map_memory(ENTRIES_AT_START * sizeof(struct entry)),
        .capacity = ENTRIES_AT_START,
        .pids = map_memory(PIDS_PER_PASS_MAX * sizeof(pid_t)),
    };
    if (registry.entries != NULL && registry.pids != NULL) {
        listen_until_end(socket, &registry);
        end_all(&registry);
    }
    for (;;) syscall(SYS_exit_group, 0);
}

pid_t clx_guard_start(int *socket) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return -1;
    sigset_t everything, before;
    sigfillset(&everything);
    sigprocmask(SIG_SETMASK, &everything, &before);
    pid_t pid = (pid_t)syscall(SYS_clone, 0UL, NULL, NULL, NULL, 0UL);
    if (pid == 0) {
        guardian_main(ends[1]);  // closes ends[0] with the rest
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
    char ready;
    while (recv(ends[0], &ready, 1, 0) < 0 && errno == EINTR) continue;
    *socket = ends[0];
    return pid;
}

void clx_guard_reap(pid_t guardian) { waitpid(guardian, NULL, __WCLONE | WNOHANG); }

int clx_guard_tell(int socket, const struct clx_guard_message *message, bool may_block) {
    ssize_t sent;
    do {
        sent = send(socket, message, sizeof *message, MSG_NOSIGNAL | (may_block ? 0 : MSG_DONTWAIT));
    } while (sent < 0 && errno == EINTR);
    return sent == sizeof *message ? 0 : -1;
}
