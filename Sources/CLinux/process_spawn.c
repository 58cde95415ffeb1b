// One child, started the way posix_spawn(3) does it inside, with the steps it does not offer.
//
// posix_spawn cannot set PR_SET_PDEATHSIG, umask, rlimits or no_new_privs, and answers ENOENT for a missing program
// and a missing directory alike.
// CLONE_VM|CLONE_VFORK borrows our memory until execve instead of copying page tables as fork does: the cost
// does not depend on how much memory the server holds. The price is the rule for everything below
// `child_main`: raw system calls only. No libc function that locks, allocates, or (as setuid does) signals
// other threads.
//
// CLONE_FILES borrows the descriptors too, and the child takes a copy of the low ones only, where its streams
// wait: a thousand sessions have four thousand descriptors, and to copy and close them all costs a third of a
// start.
//
//     | 0 1 2 | server's | slots | sessions' …
//             3                  ^ nothing from here on reaches the child
#define _GNU_SOURCE
#include "child_side.h"
#include "clinux_process.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Valgrind knows no clone that borrows descriptors. `-Xcc -DCLX_FOR_VALGRIND` copies the table instead: the rest
// goes on as if it had been borrowed.
#ifdef CLX_FOR_VALGRIND
#define BORROWED_FILES 0
#else
#define BORROWED_FILES CLONE_FILES
#endif

enum {
    KERNEL_SIGNALS = 64,
};

/// What both sides see while the parent's thread stands still.
struct attempt {
    const struct clx_spawn_request *request;
    pid_t parent;
    volatile uint32_t stage;
    volatile int error;
};

// ---- child side ----

/// Leaves the reason in the parent's memory and ends the child.
CHILD_SIDE static void give_up(struct attempt *attempt, enum clx_spawn_stage stage, int error) {
    attempt->stage = stage;
    attempt->error = error;
    for (;;) syscall(SYS_exit_group, 127);
}

CHILD_SIDE static void require(struct attempt *attempt, enum clx_spawn_stage stage, long answer) {
    if (answer < 0) give_up(attempt, stage, errno);
}

/// SIG_DFL is all zeroes in the kernel's struct on every architecture. Ignored signals would survive execve,
/// and a handler of ours must not run in memory that is only borrowed. Only those that differ: 64 system calls
/// are a sixth of what a child costs before its execve.
CHILD_SIDE static void reset_dispositions(const struct clx_spawn_request *request) {
    static const uint64_t default_action[8];
    for (uint64_t left = request->signals_to_reset; left != 0; left &= left - 1) {
        int signal = __builtin_ctzll(left) + 1;
        syscall(SYS_rt_sigaction, signal, default_action, NULL, KERNEL_SIGSET_BYTES);
    }
}

/// From here on the child has a table of its own. Before, whatever it did to a descriptor would be done to ours.
CHILD_SIDE static void take_descriptors(struct attempt *attempt) {
    unsigned end = (unsigned)attempt->request->place->slots[CLX_STREAMS - 1] + 1;
    require(attempt, CLX_STAGE_DESCRIPTORS, syscall(SYS_close_range, end, ~0U, CLOSE_RANGE_UNSHARE));
}

CHILD_SIDE static void connect_streams(struct attempt *attempt) {
    const struct clx_spawn_request *request = attempt->request;
    const int *slots = request->place->slots;
    if (request->controlling_terminal)
        require(attempt, CLX_STAGE_TERMINAL, syscall(SYS_ioctl, slots[0], TIOCSCTTY, 0));
    for (int stream = 0; stream < CLX_STREAMS; stream += 1)
        if (request->streams[stream] >= 0)
            require(attempt, CLX_STAGE_STREAMS, syscall(SYS_dup3, slots[stream], stream, 0));
    require(attempt, CLX_STAGE_DESCRIPTORS, syscall(SYS_close_range, 3U, ~0U, 0));
}

/// For the guardian too, which is no child on borrowed memory and does not mind.
CHILD_SIDE int clx_mark(uint64_t mark) {
    const uint64_t values[2] = {mark, mark};
    return (int)syscall(SYS_prlimit64, 0, RLIMIT_RTTIME, values, NULL);
}

/// Before the change of user: raising a limit or the priority needs the server's privileges.
CHILD_SIDE static void set_limits(struct attempt *attempt) {
    const struct clx_spawn_request *request = attempt->request;
    // A kernel without this limit still starts programs: the guardian has told the server, which says so in its log.
    if (request->mark != 0) clx_mark(request->mark);
    for (size_t i = 0; i < request->limit_count; i += 1) {
        uint64_t values[2] = {request->limits[i].soft, request->limits[i].hard};
        long answer = syscall(SYS_prlimit64, 0, request->limits[i].resource, values, NULL);
        require(attempt, CLX_STAGE_LIMITS, answer);
    }
    if (request->sets_niceness)
        require(attempt, CLX_STAGE_NICENESS, syscall(SYS_setpriority, PRIO_PROCESS, 0, request->niceness));
    if (request->file_mode_mask >= 0) syscall(SYS_umask, request->file_mode_mask);
}

/// Groups first, user last: afterwards the right to change groups is gone.
CHILD_SIDE static void set_credentials(struct attempt *attempt) {
    const struct clx_spawn_request *request = attempt->request;
    if (!request->sets_user && !request->sets_group) return;
    require(attempt, CLX_STAGE_CREDENTIALS,
            syscall(SYS_setgroups, request->extra_group_count, request->extra_groups));
    if (request->sets_group)
        require(attempt, CLX_STAGE_CREDENTIALS,
                syscall(SYS_setresgid, request->group, request->group, request->group));
    if (request->sets_user)
        require(attempt, CLX_STAGE_CREDENTIALS,
                syscall(SYS_setresuid, request->user, request->user, request->user));
}

/// After the credentials, whose change clears it. The parent may have died before: then nobody will send the
/// signal.
CHILD_SIDE static void die_with_parent(struct attempt *attempt) {
    require(attempt, CLX_STAGE_PARENT_DEATH, syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0));
    if (syscall(SYS_getppid) != attempt->parent) give_up(attempt, CLX_STAGE_PARENT_DEATH, ESRCH);
}

CHILD_SIDE static int child_main(void *argument) {
    struct attempt *attempt = argument;
    const struct clx_spawn_request *request = attempt->request;
    reset_dispositions(request);
    require(attempt, CLX_STAGE_SESSION, syscall(SYS_setsid));
    take_descriptors(attempt);
    connect_streams(attempt);
    set_limits(attempt);
    set_credentials(attempt);
    die_with_parent(attempt);
    if (request->working_directory != NULL)
        require(attempt, CLX_STAGE_WORKING_DIRECTORY, syscall(SYS_chdir, request->working_directory));
    if (request->no_new_privileges)
        require(attempt, CLX_STAGE_PRIVILEGES, syscall(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    const uint64_t nothing = 0;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &nothing, NULL, KERNEL_SIGSET_BYTES);
    syscall(SYS_execve, request->program, request->arguments, request->environment);
    give_up(attempt, CLX_STAGE_PROGRAM, errno);  // ENOEXEC too: no shell is started unasked
    return 127;
}

// ---- parent side ----

uint64_t clx_signals_not_default(void) {
    uint64_t signals = 0;
    for (int signal = 1; signal <= KERNEL_SIGNALS; signal += 1) {
        uint64_t action[8] = {0};  // the handler comes first in the kernel's struct
        long answer = syscall(SYS_rt_sigaction, signal, NULL, action, KERNEL_SIGSET_BYTES);
        if (answer == 0 && action[0] != 0) signals |= UINT64_C(1) << (signal - 1);
    }
    return signals;
}

/// The change of user marks the memory as not dumpable, and the memory is ours: what it was; -1: no change.
static int dumpable_to_restore(const struct clx_spawn_request *request) {
    if (!request->sets_user && !request->sets_group) return -1;
    return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 1;
}

/// Buries a child that never became the program.
static void bury_failed(pid_t pid, int pidfd) {
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {}
    close(pidfd);
}

int clx_spawn(const struct clx_spawn_request *request, struct clx_spawn_result *result) {
    struct attempt attempt = {.request = request, .parent = getpid(), .stage = CLX_STAGE_NONE, .error = 0};
    int dumpable = dumpable_to_restore(request);
    sigset_t everything, before;
    sigfillset(&everything);
    pthread_sigmask(SIG_SETMASK, &everything, &before);
    int pidfd = -1;
    const int flags = CLONE_VM | CLONE_VFORK | BORROWED_FILES | CLONE_PIDFD | SIGCHLD;
    bool is_filled = clx_place_fill(request->place, request->streams) == 0;
    pid_t pid = is_filled ? clone(child_main, request->place->stack_top, flags, &attempt, &pidfd) : -1;
    int error = errno;
    clx_place_empty(request->place, request->streams);
    pthread_sigmask(SIG_SETMASK, &before, NULL);

    *result = (struct clx_spawn_result){
        .pid = pid, .pidfd = pidfd, .stage = attempt.stage, .error = attempt.error};
    if (pid < 0) {
        result->stage = CLX_STAGE_CREATE;
        result->error = error;
        return -1;
    }
    if (dumpable >= 0) prctl(PR_SET_DUMPABLE, dumpable, 0, 0, 0);
    if (attempt.stage == CLX_STAGE_NONE) return 0;
    bury_failed(pid, pidfd);
    return -1;
}
