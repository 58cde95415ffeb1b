// Children: the spawn path, the guardian, and what /proc tells. Rationale stands with each definition in the
// .c files.
#ifndef CLINUX_PROCESS_H
#define CLINUX_PROCESS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// ---- the guardian ----

/// The marks of a server's children, both included; DescentMark.swift says what a mark is.
struct clx_mark_range {
    uint64_t first, last;
};

/// Starts the guardian over whoever bears one of `marks`; returns its pid, puts our end of its socket into
/// `socket`, and says in `can_mark` whether this kernel takes marks. -1 and errno on failure.
pid_t clx_guard_start(struct clx_mark_range marks, int *socket, bool *can_mark);
/// Whether it lives.
bool clx_guard_lives(int socket);
/// Reaps a guardian that has ended; does nothing when it lives.
void clx_guard_reap(pid_t guardian);
/// Gives the calling process a mark: it and whatever it starts keep it. 0, or -1 and errno.
int clx_mark(uint64_t mark);

// ---- spawn ----

/// The step of a spawn that failed, in the order of the steps.
enum clx_spawn_stage {
    CLX_STAGE_NONE = 0,
    CLX_STAGE_CREATE,
    CLX_STAGE_SESSION,
    CLX_STAGE_DESCRIPTORS,
    CLX_STAGE_TERMINAL,
    CLX_STAGE_STREAMS,
    CLX_STAGE_LIMITS,
    CLX_STAGE_NICENESS,
    CLX_STAGE_CREDENTIALS,
    CLX_STAGE_PARENT_DEATH,
    CLX_STAGE_WORKING_DIRECTORY,
    CLX_STAGE_PRIVILEGES,
    CLX_STAGE_PROGRAM,
};

enum { CLX_STREAMS = 3 };

/// Where a child is from its creation until it has become its program: one child at a time.
struct clx_spawn_place {
    void *stack, *stack_top;
    int nowhere;             // /dev/null
    int slots[CLX_STREAMS];  // low numbers, ascending, never free: the streams of the child under way, else /dev/null
};

struct clx_rlimit {
    int32_t resource;
    uint64_t soft, hard;
};

struct clx_spawn_request {
    const char *program;            // resolved: execve(2) searches nothing
    char *const *arguments;
    char *const *environment;
    const char *working_directory;  // NULL: ours
    int streams[CLX_STREAMS];       // what stdin, stdout, stderr are made of; -1: ours
    bool controlling_terminal;      // stdin is a terminal and becomes the session's
    int file_mode_mask;             // -1: ours
    bool sets_niceness, sets_user, sets_group;
    int niceness;
    uid_t user;
    gid_t group;
    const gid_t *extra_groups;      // used when user or group is set
    size_t extra_group_count;
    const struct clx_rlimit *limits;
    size_t limit_count;
    bool no_new_privileges;
    uint64_t signals_to_reset;      // from clx_signals_not_default
    uint64_t mark;                  // of descent; 0: none
    const struct clx_spawn_place *place;
};

struct clx_spawn_result {
    pid_t pid;
    int pidfd;  // close-on-exec
    uint32_t stage;
    int error;
};

/// The signals that have a handler or are ignored: bit N - 1 for signal N.
uint64_t clx_signals_not_default(void);

/// 0, or -1 and errno. Early: descriptors below the slots are copied for each child.
int clx_place_open(struct clx_spawn_place *place);
void clx_place_close(struct clx_spawn_place *place);
/// Puts the streams of a child into the slots, and takes them out again. 0, or -1 and errno.
int clx_place_fill(const struct clx_spawn_place *place, const int streams[CLX_STREAMS]);
void clx_place_empty(const struct clx_spawn_place *place, const int streams[CLX_STREAMS]);

/// Starts the program; returns when it runs (0) or cannot (-1: `result` has the stage and the error).
int clx_spawn(const struct clx_spawn_request *request, struct clx_spawn_result *result);

// ---- descriptors for children ----

/// Both ends close-on-exec and blocking.
int clx_pipe(int ends[2]);
int clx_pipe_size_set(int fd, int bytes);
/// A pseudo terminal: both sides close-on-exec, the slave nobody's controlling terminal yet.
int clx_terminal_open(int *master, int *slave, uint16_t columns, uint16_t rows);
int clx_terminal_resize(int fd, uint16_t columns, uint16_t rows);

// ---- waiting and signals ----

/// 1: reaped, `code` is CLD_* and `status` its number; 0: still running; -1: errno.
int clx_reap_pidfd(int pidfd, int *code, int *status);
/// Children of the calling thread only. 1: `zombie` can be reaped; 0: all alive; -1: errno (ECHILD: there are
/// none).
int clx_peek_own_children(pid_t *zombie);
/// Reaps one zombie of the calling thread.
int clx_reap_own_child(pid_t pid);
int clx_become_subreaper(void);
void clx_thread_name(const uint8_t *name);
/// "TERM" for SIGTERM; NULL for a number without a name.
const char *clx_signal_abbreviation(int signal);

// ---- /proc ----

struct clx_process_stat {
    pid_t pid, parent, group, session;
    char state;
};

/// Fills in up to `capacity` pids of this moment; returns how many there were, -1 and errno.
long clx_process_list(pid_t *pids, size_t capacity);
/// 0, or -1 when the process is gone.
int clx_process_stat(pid_t pid, struct clx_process_stat *stat);
/// The mark of descent; 0 when it bears none or is gone.
uint64_t clx_process_mark(pid_t pid);

// ---- the program that takes our place ----

enum { CLX_PID_PLACES = 2 };

struct clx_successor {
    const char *program;
    char *const *arguments, *const *environment;
    int *descriptors;  // what it gets as 3, 4, …; overwritten
    int count;
    char *pid_places[CLX_PID_PLACES];  // in the environment: where its pid belongs, with room for it; or NULL
    struct clx_rlimit open_files;      // what we were given: we may have raised our own
    pid_t pid;   // out
    int pidfd;   // out
};

/// Starts it; 0, or -1 and errno. EINVAL: we are the init of a container, whose end is the container's.
int clx_start_successor(struct clx_successor *successor);
/// pidfd_send_signal(2).
int clx_signal_process(int pidfd, int number);

#endif
